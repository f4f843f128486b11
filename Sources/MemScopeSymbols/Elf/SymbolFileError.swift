/// Why a file could not serve as a source of symbols.
package enum SymbolFileError: Error, Equatable {
    /// The file could not be opened or mapped; the value is `errno`.
    case unreadable(errno: Int32)
    /// The file is no 64-bit little-endian ELF file, or its headers contradict its length.
    case malformed
}
