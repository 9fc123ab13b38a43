"""What happens to mails and slots when processes die and the mail server misbehaves, and to what eight
people write at once.

    python -m benchmarks.faults

Real processes of the product's own code work on a real database and are killed, at random moments
and at every point that matters. A harness that finds nothing proves nothing, so each is shown to
find bugs that are planted on purpose (`plants`).
"""
