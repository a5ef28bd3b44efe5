"""Takes parts out of a failing case as long as it fails in the same way."""

from .case import Gone

_ROUNDS = 4


def shrink(case, still_fails, budget):
    """Leaves in the case what the failure needs. still_fails(case) runs it; at most `budget` runs."""
    runs = [budget]

    def without(take, give_back):
        """Whether the case fails without the part; it is given back when it does not."""
        if runs[0] <= 0:
            return False
        take()
        try:
            case.replay()
            if case.lines:
                runs[0] -= 1
                if still_fails(case):
                    return True
        except Gone:
            pass
        give_back()
        return False

    for _ in range(_ROUNDS):
        shorter = [_changes(case, without), _tables(case, without), _pieces(case, without), _columns(case, without),
                   _rows(case, without)]
        if not any(shorter) or runs[0] <= 0:
            break
    case.replay()


def _mark(part):
    return (lambda: setattr(part, "removed", True)), (lambda: setattr(part, "removed", False))


def _each(parts, without):
    """Takes out one part after the other; how many went."""
    return sum(without(*_mark(part)) for part in parts if not part.removed)


def _changes(case, without):
    return _each(case.changes[::-1], without)


def _tables(case, without):
    return _each([table for table in case.tables if not table.created], without)


def _columns(case, without):
    columns = [column for table in case.tables if not table.created and not table.removed
               for column in table.first_columns]
    return _each(columns, without)


def _pieces(case, without):
    """Halves first: most statements beside the tables have nothing to do with it."""
    return _halves(case.pieces, without)


def _halves(parts, without):
    parts = [part for part in parts if not part.removed]
    if not parts:
        return 0

    def set_all(value):
        for part in parts:
            part.removed = value
    if without(lambda: set_all(True), lambda: set_all(False)):
        return len(parts)
    if len(parts) == 1:
        return 0
    middle = len(parts) // 2
    return _halves(parts[:middle], without) + _halves(parts[middle:], without)


def _rows(case, without):
    """No rows, or half of them, table by table."""
    gone = 0
    for table in case.tables:
        while table.rows and not table.removed:
            rows = table.rows
            for fewer in ([], rows[:1], rows[:len(rows) // 2]):
                if len(fewer) < len(rows) and without(lambda: setattr(table, "rows", fewer),  # pylint: disable=W0640
                                                      lambda: setattr(table, "rows", rows)):  # pylint: disable=W0640
                    gone += 1
                    break
            else:
                break
    return gone
