"""Kinds of columns: a type with values for it, and the conversions between kinds.

Values are SQL literals that a column of the type takes in an INSERT; `{n}` in one stands for a number that is
different each time. Checks and conversions are expressions over `{c}`, the column. A conversion's down takes back
what its up did, for every value of the kind, so that both directions can be compared.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Kind:
    """One kind of column."""

    name: str
    type: str
    values: tuple
    unique: str = None  # a literal with {n}; None: not for keys and unique constraints
    equality: bool = True  # has a btree operator class
    checks: tuple = ()  # true for each of the values
    volatile_default: str = None
    extra_index: tuple = ()  # further access methods and operator classes: "gin ({c})"
    declared: str = None  # statement that makes the type


def _number(name, type_, values, **rest):
    return Kind(name, type_, values, "{n}", checks=("{c} > -2147483649", "{c} <> 977", "{c} IS NULL OR {c} < 99999999999"),
                extra_index=("hash ({c})", "brin ({c})"), **rest)


_WORD_CHECKS = ("length({c}) < 1000", "{c} <> 'forbidden'", "{c} IS NULL OR {c} !~ 'zzz$'")
_TEXT_INDEXES = ("hash ({c})", "btree (lower({c}))", 'btree ({c} COLLATE "C" DESC)')

KINDS = {kind.name: kind for kind in (
    _number("smallint", "smallint", ("0", "1", "-1", "32767", "-32768", "42")),
    _number("integer", "integer", ("0", "1", "-7", "2147483647", "-2147483648", "42", "100", "65536")),
    _number("bigint", "bigint", ("0", "1", "-9", "2147483648", "-2147483648", "12345678901", "5")),
    _number("small number", "integer", ("0", "1", "7", "42", "99", "1000", "-3")),
    _number("cents", "integer", ("0", "1", "99", "100", "12345", "-250", "1999999")),
    _number("numeric", "numeric(12,2)", ("0", "0.01", "-1.50", "9999999999.99", "42.10", "3")),
    _number("numeric plain", "numeric", ("0", "1.5", "-22.333", "123456789", "0.000001", "7")),
    Kind("real", "real", ("0", "1.5", "-2.25", "1e10", "'NaN'", "'-Infinity'"), "{n}"),
    Kind("double", "double precision", ("0", "1.5", "-2.25", "1e100", "'NaN'", "'Infinity'"), "{n}"),
    Kind("text", "text", ("''", "'a'", "'Some words'", "'größer ''quoted'' 名前'", "'x,y'", "repeat('long ', 60)", "' '"),
         "'text {n}'", checks=_WORD_CHECKS, extra_index=_TEXT_INDEXES + ("btree ({c} text_pattern_ops)",)),
    Kind("word", "text", ("'alpha'", "'Beta'", "'gamma_3'", "'Δelta'", "'x'", "'forty-two'"), "'w{n}'",
         checks=_WORD_CHECKS, extra_index=_TEXT_INDEXES + ("spgist ({c})",)),
    Kind("pair", "text", ("'Ada Lovelace'", "'x y'", "'Grace Hopper'", "'É Ü'"), "'first{n} last{n}'", checks=_WORD_CHECKS),
    Kind("digits", "text", ("'0'", "'1'", "'42'", "'-17'", "'1000000'"), "'{n}'", checks=_WORD_CHECKS),
    Kind("listed", "text", ("'a'", "'a,b'", "'one,two,three'", "'x,y,x'"), "'u{n},v'", checks=_WORD_CHECKS),
    Kind("uuid text", "text", ("'c9a646d3-9c61-4cb7-bfcd-ee2522c8f633'", "'00000000-0000-0000-0000-000000000000'"),
         "md5('{n}')::uuid::text"),
    Kind("iso date", "text", ("'2025-01-31'", "'1999-12-31'", "'2024-02-29'")),
    Kind("json text", "text", ("'{}'", "'[1, 2]'", "'{\"a\": 1}'", "'\"s\"'")),
    Kind("status", "text", ("'open'", "'closed'", "'waiting'"), checks=("{c} IN ('open', 'closed', 'waiting', 'lost')",),
         extra_index=_TEXT_INDEXES),
    Kind("varchar", "character varying(40)", ("''", "'short'", "'Größe'", "'with space '"), "'v{n}'",
         checks=("length({c}) <= 40",), extra_index=("btree ({c} varchar_pattern_ops)",)),
    Kind("varchar plain", "character varying", ("''", "'anything'", "'größer'"), "'vv{n}'"),
    Kind("char", "character(4)", ("'ab'", "'wxyz'", "''")),
    Kind("boolean", "boolean", ("true", "false"), checks=("{c} IN (true, false)",)),
    Kind("flag number", "integer", ("0", "1"), checks=("{c} BETWEEN 0 AND 1",)),
    Kind("date", "date", ("'2025-01-31'", "'1999-12-31'", "'2024-02-29'"), "date '2000-01-01' + {n}",
         checks=("{c} > date '1900-01-01'",), volatile_default="CURRENT_DATE"),
    Kind("timestamp", "timestamp without time zone", ("'2025-01-31 12:30:45.678'", "'1970-01-01 00:00'"),
         "timestamp '2020-01-01' + {n} * interval '1 hour'", checks=("{c} > timestamp '1900-01-01'",)),
    Kind("timestamptz", "timestamp with time zone", ("'2025-01-31 12:30:45.678+00'", "'1970-01-01 00:00+02'"),
         "timestamptz '2020-01-01 00:00+00' + {n} * interval '1 hour'", volatile_default="clock_timestamp()",
         extra_index=("brin ({c})",)),
    Kind("time", "time without time zone", ("'00:00'", "'23:59:59.999'", "'12:00'")),
    Kind("interval", "interval", ("'0'", "'1 day 02:03:04'", "'3 months'"), "{n} * interval '1 minute'"),
    Kind("uuid", "uuid", ("'c9a646d3-9c61-4cb7-bfcd-ee2522c8f633'", "'00000000-0000-0000-0000-000000000000'"),
         "md5('{n}')::uuid", volatile_default="gen_random_uuid()", extra_index=("hash ({c})",)),
    Kind("json", "json", ("'{}'", "'{\"b\": 1, \"a\": [null, 2]}'", "'null'", "'3'"), equality=False),
    Kind("plain json", "json", ("'{}'", "'{\"a\": 1}'", "'[1, 2]'"), equality=False),
    Kind("jsonb", "jsonb", ("'{}'", "'{\"b\": 1, \"a\": [null, 2]}'", "'null'", "'\"s\"'"),
         checks=("jsonb_typeof({c}) <> 'nothing'",), extra_index=("gin ({c})", "gin ({c} jsonb_path_ops)")),
    Kind("bytea", "bytea", ("'\\x'", "'\\xdeadbeef00'", "'\\x41'"), "convert_to('b{n}', 'UTF8')"),
    Kind("inet", "inet", ("'10.0.0.1'", "'::1'", "'192.168.0.0/16'"), "inet '10.0.0.0' + {n}",
         extra_index=("gist ({c} inet_ops)",)),
    Kind("cidr", "cidr", ("'10.0.0.0/8'", "'2001:db8::/32'")),
    Kind("macaddr", "macaddr", ("'08:00:2b:01:02:03'", "'ff:ff:ff:ff:ff:ff'")),
    Kind("bit", "bit(8)", ("B'00000000'", "B'10101010'")),
    Kind("varbit", "bit varying(12)", ("B''", "B'101'", "B'111111111111'")),
    Kind("integers", "integer[]", ("'{}'", "'{1,2,3}'", "'{NULL,7}'", "'{{1,2},{3,4}}'"), "ARRAY[{n}]",
         checks=("cardinality({c}) < 50",), extra_index=("gin ({c})",)),
    Kind("texts", "text[]", ("'{a}'", "'{one,two}'", "'{x,y,x}'"), "ARRAY['t{n}']", extra_index=("gin ({c})",)),
    Kind("range", "int4range", ("'[0,1)'", "'[1,10)'", "'[5,)'"), "int4range({n}, {n} + 1)",
         extra_index=("gist ({c})", "spgist ({c})")),
    Kind("tstzrange", "tstzrange", ("'empty'", "'[2025-01-01 00:00+00,2025-02-01 00:00+00)'"), extra_index=("gist ({c})",)),
    Kind("point", "point", ("'(0,0)'", "'(1.5,-2)'"), equality=False, extra_index=("gist ({c})",)),
    Kind("tsvector", "tsvector", ("''", "'fat cat'", "'a:1 b:2A'"), extra_index=("gin ({c})",)),
    Kind("oid", "oid", ("0", "1", "4294967295"), "{n}"),
    Kind("name", "name", ("'n'", "'Some Name'"), "'n{n}'"),
)}


@dataclasses.dataclass(frozen=True)
class Conversion:
    """A change of type: up from `source`, down from the type `target`. `implied`: which of up and down segue may do without."""

    source: str
    target: str  # a type
    up: str
    down: str
    implied: str = ""


CONVERSIONS = (
    Conversion("smallint", "integer", "{c}", "{c}::smallint", "up"),
    Conversion("smallint", "bigint", "{c}::bigint", "{c}::smallint", "up"),
    Conversion("integer", "bigint", "{c}", "{c}::integer", "up"),
    Conversion("integer", "numeric", "{c}::numeric", "{c}::integer", "up"),
    Conversion("integer", "text", "{c}::text", "{c}::integer", "up"),
    Conversion("bigint", "numeric(20,0)", "{c}", "{c}::bigint", "up"),
    Conversion("bigint", "text", "{c}::text", "{c}::bigint", "up"),
    Conversion("small number", "smallint", "{c}::smallint", "{c}::integer", "up"),
    Conversion("small number", "double precision", "{c}::double precision", "{c}::integer", "up"),
    Conversion("cents", "numeric(12,2)", "{c} / 100.0", "round({c} * 100)::integer"),
    Conversion("numeric", "bigint", "({c} * 100)::bigint", "{c} / 100.0"),
    Conversion("numeric", "numeric(14,4)", "{c}", "{c}::numeric(12,2)", "up"),
    Conversion("numeric plain", "text", "{c}::text", "{c}::numeric", "up"),
    Conversion("real", "double precision", "{c}", "{c}::real", "up"),
    Conversion("double", "text", "{c}::text", "{c}::double precision", "up"),
    Conversion("text", "character varying", "{c}", "{c}", "up down"),
    Conversion("text", "character varying(500)", "{c}", "{c}::text", "up"),
    Conversion("text", "bytea", "convert_to({c}, 'UTF8')", "convert_from({c}, 'UTF8')"),
    Conversion("text", "jsonb", "to_jsonb({c})", "{c} #>> '{}'"),
    Conversion("text", 'text COLLATE "C"', "{c}", "{c}", "up"),
    Conversion("word", "character varying(60)", "{c}", "{c}::text", "up"),
    Conversion("word", "name", "{c}::name", "{c}::text", "up"),
    Conversion("word", "text", "upper({c}) || '|' || {c}", "split_part({c}, '|', 2)"),
    Conversion("pair", "jsonb", "to_jsonb(string_to_array({c}, ' '))", "({c} ->> 0) || ' ' || ({c} ->> 1)"),
    Conversion("digits", "integer", "{c}::integer", "{c}::text"),
    Conversion("digits", "bigint", "{c}::bigint", "{c}::text"),
    Conversion("listed", "text[]", "string_to_array({c}, ',')", "array_to_string({c}, ',')"),
    Conversion("uuid text", "uuid", "{c}::uuid", "{c}::text"),
    Conversion("iso date", "date", "to_date({c}, 'YYYY-MM-DD')", "to_char({c}, 'YYYY-MM-DD')"),
    Conversion("json text", "jsonb", "{c}::jsonb", "{c}::text"),
    Conversion("varchar", "character varying(80)", "{c}", "{c}::character varying(40)", "up"),
    Conversion("varchar", "text", "{c}", "{c}::character varying(40)", "up"),
    Conversion("varchar plain", "text", "{c}", "{c}", "up down"),
    Conversion("char", "text", "{c}::text", "{c}::character(4)", "up"),
    Conversion("boolean", "integer", "{c}::integer", "{c} <> 0"),
    Conversion("boolean", "text", "CASE WHEN {c} THEN 'yes' WHEN NOT {c} THEN 'no' END", "{c} = 'yes'"),
    Conversion("flag number", "boolean", "{c} <> 0", "{c}::integer"),
    Conversion("date", "timestamp without time zone", "{c}", "{c}::date", "up"),
    Conversion("date", "text", "to_char({c}, 'YYYY-MM-DD')", "to_date({c}, 'YYYY-MM-DD')"),
    Conversion("timestamp", "timestamp with time zone", "{c} AT TIME ZONE 'UTC'", "{c} AT TIME ZONE 'UTC'"),
    Conversion("timestamptz", "timestamp without time zone", "{c} AT TIME ZONE 'UTC'", "{c} AT TIME ZONE 'UTC'"),
    Conversion("time", "interval", "{c}::interval", "{c}::time", "up"),
    Conversion("uuid", "text", "{c}::text", "{c}::uuid", "up"),
    Conversion("json", "text", "{c}::text", "{c}::json", "up"),
    Conversion("plain json", "jsonb", "{c}::jsonb", "{c}::text::json", "up"),
    Conversion("jsonb", "text", "{c}::text", "{c}::jsonb", "up"),
    Conversion("bytea", "text", "encode({c}, 'hex')", "decode({c}, 'hex')"),
    Conversion("inet", "text", "{c}::text", "{c}::inet", "up"),
    Conversion("cidr", "inet", "{c}::inet", "{c}::cidr", "up"),
    Conversion("macaddr", "macaddr8", "{c}::macaddr8", "{c}::macaddr", "up"),
    Conversion("bit", "bit varying(8)", "{c}", "{c}::bit(8)", "up"),
    Conversion("integers", "bigint[]", "{c}::bigint[]", "{c}::integer[]", "up"),
    Conversion("texts", "jsonb", "to_jsonb({c})", "CASE WHEN {c} IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text({c})) END"),
    Conversion("range", "int8range", "CASE WHEN {c} IS NOT NULL THEN int8range(lower({c}), upper({c})) END",
               "CASE WHEN {c} IS NOT NULL THEN int4range(lower({c})::integer, upper({c})::integer) END"),
    Conversion("oid", "bigint", "{c}::bigint", "{c}::oid"),
    Conversion("status", "text", "upper({c})", "lower({c})"),
)
