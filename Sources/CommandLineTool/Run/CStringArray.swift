#if os(Linux)
    internal import Glibc

    /// A list of C strings that ends in a null pointer, as `argv` and `envp` are; it lives as long as this object.
    final class CStringArray {
        /// The list.
        let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        private let count: Int

        /// Copies strings that each end in a zero byte.
        init(_ strings: [[CChar]]) {
            count = strings.count
            pointers = .allocate(capacity: count + 1)
            for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
            (pointers + count).initialize(to: nil)
        }

        deinit {
            for index in 0..<count { free(pointers[index]) }
            pointers.deallocate()
        }
    }
#endif
