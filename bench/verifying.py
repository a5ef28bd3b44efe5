"""How fast segue verify compares, with one session and with two, and whether it finds one row among all of them."""

import time

from ways import segue_rebuild


def _pass(ground, *options, may=(0,)):
    began = time.monotonic()
    words = ground.run_segue("verify", "--pace", "100", *options, may=may)
    return time.monotonic() - began, words


def verifying(ground):
    ground.fresh()
    segue_rebuild(ground)
    for jobs in (1, 2):
        seconds, _ = _pass(ground, "--jobs", str(jobs))
        print(f"{ground.rows:,} rows compared by {jobs} session{'s' if jobs > 1 else ''} in {seconds:.1f} s: "
              f"{ground.rows / seconds:,.0f} rows/s", flush=True)
    planted = ground.rows * 2 // 3
    enable = ground.value("SELECT string_agg(format('ENABLE ALWAYS TRIGGER %I', tgname), ', ') FROM pg_trigger"
                          " WHERE tgrelid = 'accounts'::regclass AND NOT tgisinternal")
    ground.sql("ALTER TABLE accounts DISABLE TRIGGER USER", f"UPDATE accounts SET abalance = abalance + 1 WHERE aid = {planted}",
               f"ALTER TABLE accounts {enable}")
    seconds, words = _pass(ground, may=(1,))
    named = f"({planted})" in words
    print(f"one planted difference: {'named' if named else 'NOT FOUND'} in {seconds:.1f} s")
    print("\n".join("    " + line for line in words.split("\n")[:6]))
    ground.drop()
    if not named:
        raise SystemExit(1)
