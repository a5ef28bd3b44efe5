"""Names of tables, columns and the rest, from plain to what only quotes make possible."""

_WORDS = ("account", "amount", "area", "author", "batch", "body", "city", "code", "colour", "comment_text", "contact",
          "count", "country", "customer", "day", "device", "email", "event", "flag", "grade", "height", "invoice",
          "item", "kind", "label", "length", "level", "login", "market", "member", "message", "note", "owner", "parcel",
          "part", "payment", "person", "phone", "plan", "price", "product", "quantity", "rating", "reason", "region",
          "reply", "room", "score", "seat", "shape", "size", "state", "stock", "street", "supplier", "tag", "team",
          "ticket", "title", "topic", "total", "unit", "vendor", "visit", "volume", "weight", "width", "zone")
_ODD = ("Mixed Case", "UPPER", "größe", "名前", "order", "user", "select", "with.dot", "with,comma", 'a"quote',
        "it's", "100%", "$1", "a b", "naïve_ñ", "new", "old", "1st", "back\\slash", "tab\there", "Ω", "null", "end")


def quote(name):
    """The name as a statement writes it."""
    plain = name.isascii() and name.islower() and name.replace("_", "a").isalnum() and not name[0].isdigit()
    return name if plain and name not in _ODD else '"' + name.replace('"', '""') + '"'


class Names:
    """Hands out names, no name twice. `odd` is the share of names that need quotes or are 63 bytes long."""

    def __init__(self, rng):
        self._rng = rng
        self._odd = rng.choice((0, 0, 0.1, 0.5))
        self._taken = {"name"}

    def new(self, stem=None):
        """A name that the case does not use yet."""
        while True:
            name = self._candidate(stem)
            if name not in self._taken:
                self._taken.add(name)
                return name

    def _candidate(self, stem):
        rng = self._rng
        number = rng.choice(("", "", "_" + str(rng.randrange(100))))
        if rng.random() >= self._odd:
            return (stem + "_" if stem else "") + rng.choice(_WORDS) + number
        if rng.random() < 0.3:
            word = rng.choice(_WORDS) + number
            return (word + "_" + "long_name_" * 7)[:63]
        return rng.choice(_ODD) + number.replace("_", " ")
