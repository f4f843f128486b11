import Glibc

/// One line on standard output, at once.
func say(_ text: String) {
    print(text)
    fflush(nil)
}
