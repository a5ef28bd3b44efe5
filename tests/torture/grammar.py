"""A random migration over a random schema."""

import random

from . import changes_column, changes_constraint, changes_key, changes_object, changes_statement
from .case import Gone
from .schema import random_schema

_CHANGES = (
    (6, changes_column.add_column), (5, changes_column.derive_column), (4, changes_column.drop_column),
    (4, changes_column.rename_column), (10, changes_column.change_type), (5, changes_column.replace_column),
    (3, changes_column.merge_columns), (3, changes_column.split_column), (4, changes_column.set_not_null),
    (3, changes_column.drop_not_null), (3, changes_column.change_default), (3, changes_column.add_automatic_column),
    (1, changes_column.set_generated),
    (2, changes_constraint.add_check), (2, changes_constraint.add_check_isolated), (2, changes_constraint.drop_check),
    (3, changes_constraint.add_unique), (2, changes_constraint.add_unique_isolated), (2, changes_constraint.drop_unique),
    (3, changes_constraint.add_foreign_key), (2, changes_constraint.drop_foreign_key),
    (2, changes_constraint.rename_constraint), (1, changes_constraint.comment_on_constraint),
    (4, changes_object.create_index), (2, changes_object.drop_index), (1, changes_object.rename_index),
    (1, changes_object.comment_on_index), (3, changes_object.rename_table), (2, changes_object.create_table),
    (1, changes_object.drop_table), (2, changes_object.comment), (2, changes_object.create_enum),
    (3, changes_object.add_enum_value),
    (8, changes_key.change_key_type), (2, changes_key.add_primary_key), (2, changes_key.drop_primary_key),
    (1, changes_key.rename_key),
    (3, changes_statement.create_view), (2, changes_statement.drop_view), (3, changes_statement.privileges),
    (2, changes_statement.column_setting), (2, changes_statement.table_setting), (1, changes_statement.create_statistics),
    (1, changes_statement.create_function), (2, changes_statement.create_other), (2, changes_statement.create_trigger),
    (2, changes_statement.rename_enum_value),
)


def random_case(seed):
    """The case of a seed, always the same."""
    rng = random.Random(seed)
    case = random_schema(rng, seed)
    case.joins = rng.random() < 0.4
    case.qualifier = rng.choice(("", "", "", "public."))
    wanted = rng.choice((1, 1, 2, 2, 3, 4, 5, 6))
    weights = [weight for weight, _ in _CHANGES]
    for _ in range(40):
        if len(case.changes) == wanted:
            break
        change = rng.choices(_CHANGES, weights)[0][1](rng, case)
        if not change:
            continue
        try:
            case.apply(change)
        except Gone:
            continue
        case.changes.append(change)
    case.replay()
    return case
