public import MemScopeModel

/// Finds functions, files and lines for addresses of a process, which need not exist any more.
public protocol Symbolicator: Sendable {
    /// Symbolicates return addresses.
    ///
    /// A return address is the one *after* the call, so what is looked up is the byte before it. The start of the part
    /// of an asynchronous function after an `await` is recognised and looked up as it is; for any other address that
    /// is to be taken literally, pass it plus one. Repeated addresses are looked up once.
    ///
    /// Never fails: what is missing is said in the result. May be called from any thread; takes time and memory, so
    /// never call it where the program waits.
    func symbolicate(_ addresses: [UInt64], modules: [LoadedModule]) -> Symbolication
}
