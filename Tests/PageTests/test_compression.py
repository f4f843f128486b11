"""The compressor of the page's data, under the sanitizers, read by Python's zlib."""

import gzip
import pathlib
import random
import subprocess
import tempfile
import unittest

from command import ROOT

DASHBOARD = ROOT / "Sources/MemScopeDashboard"


class CompressionTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.program = f"{directory}/gzip"
        sources = [*sorted(map(str, (DASHBOARD / "Compression").glob("*.c"))), str(ROOT / "Tests/PageTests/gzip_stdio.c")]
        subprocess.run(
            ["clang", "-std=c2x", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined", "-fno-sanitize-recover=all",
             f"-I{DASHBOARD}/include", f"-I{DASHBOARD}/Compression", *sources, "-o", cls.program],
            check=True, capture_output=True)

    def compress(self, text):
        """Compresses, checks that it comes back and is within its bound, and returns the size."""
        done = subprocess.run([self.program], input=text, capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(gzip.decompress(done.stdout), text)
        self.assertLessEqual(len(done.stdout), len(text) + len(text) // 256 + 128)
        return len(done.stdout)

    def test_the_smallest_and_the_plainest(self):
        for text in (b"", b"a", b"aa", b"abcabcabc", b"a" * 100_000, bytes(range(256)) * 300):
            self.compress(text)

    def test_noise_stays_as_large_as_it_is(self):
        self.assertLess(self.compress(random.Random(3).randbytes(200_000)), 200_200)

    def test_texts_of_all_alphabets_and_sizes(self):
        numbers = random.Random(1)
        for _ in range(60):
            alphabet = numbers.choice([1, 2, 4, 20, 256])
            self.compress(bytes(numbers.randrange(alphabet) for _ in range(numbers.randrange(1, 40_000))))

    def test_frequencies_that_want_longer_codes_than_there_are(self):
        text, one, other = [], 1, 1
        for symbol in range(24):
            text += [symbol] * one
            one, other = other, one + other
        random.Random(2).shuffle(text)
        self.compress(bytes(text))

    def test_as_good_as_zlib_on_sources(self):
        text = b"".join(path.read_bytes() for path in sorted(pathlib.Path(ROOT, "Sources").rglob("*.swift")))
        self.assertLess(self.compress(text), 1.05 * len(gzip.compress(text, 6)))


if __name__ == "__main__":
    unittest.main()
