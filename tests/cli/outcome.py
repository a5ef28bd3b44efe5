"""Runs a module's tests and says the outcome in the words of cmocka, which script/test counts."""

import sys
import unittest


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    outcome = unittest.TextTestRunner(verbosity=2).run(suite)
    bad = len(outcome.failures) + len(outcome.errors)
    print(f"[  PASSED  ] {outcome.testsRun - bad - len(outcome.skipped)} test(s).")
    if bad:
        print(f"[  FAILED  ] {bad} test(s)")
    sys.exit(bad > 0)
