"""Run all harnesses on both databases and print what they found; 1 if a fault was found.

`DB=sqlite` or `DB=postgresql` takes one of them, `KILLS=20` fewer deaths, mails and edits. A run that was cut off
goes on where it was when it is called again.
"""

import os
import platform
import time

from benchmarks.faults import editors, mails, slots
from benchmarks.faults.stores import database, folder_for, version

ENGINES = ("sqlite", "postgresql")


def main() -> int:
    """One table line a harness and database."""
    kills = int(os.environ.get("KILLS") or 200)
    engines = [os.environ["DB"]] if os.environ.get("DB") else ENGINES
    plans = {
        mails: mails.Plan(
            mails=10 * kills, random_kills=kills, kills_a_point=kills // 4, pauses=kills // 10
        ),
        slots: slots.Plan(kills=kills),
        editors: editors.Plan(edits=kills),
    }
    print(_machine())
    found = 0
    for harness, plan in plans.items():
        for engine in engines:
            name = harness.__name__.rpartition(".")[2]
            begun = time.monotonic()
            with folder_for(f"{name}-{engine}") as folder, database(engine, folder) as url:
                verdict, system = harness.run(plan, folder, url), version(url)
            print(f"{name} · {system} · {time.monotonic() - begun:.0f} s")
            for words, value in vars(verdict).items():
                shown = dict(sorted(value.items())) if isinstance(value, dict) else value
                print(f"    {words:9} {shown}", flush=True)
            found += sum(verdict.faults.values())
    print("no fault found" if not found else f"{found} faults found")
    return 1 if found else 0


def _machine() -> str:
    """What the figures were found on."""
    load = os.getloadavg()[0]
    return (
        f"{platform.system()} {platform.machine()} · {os.cpu_count()} cores, load {load:.1f} · "
        f"Python {platform.python_version()}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
