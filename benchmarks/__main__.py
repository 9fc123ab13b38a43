"""All benchmarks, one table each: `make bench`."""

from benchmarks import pages, reading, reminding

if __name__ == "__main__":
    raise SystemExit(reading.main() or pages.main() or reminding.main())
