"""All benchmarks, one table each: `make bench`. Each is run whatever the others say; a part that fails
or lacks its data is named at the end, and the command fails."""

import sys
import traceback

from benchmarks import composing, overview, pages, reading, reminding, reporting


def main() -> int:
    """Run all parts; 1 if any failed."""
    failed = []
    for part in (reading, pages, overview, reminding, composing, reporting):
        try:
            if part.main():
                failed.append(part.__name__)
        except Exception:  # the other parts are still worth measuring
            traceback.print_exc()
            failed.append(part.__name__)
        print(flush=True)
    if failed:
        print(f"FAILED: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
