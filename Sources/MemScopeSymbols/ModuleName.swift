/// Texts for modules.
enum ModuleName {
    /// The last component of a path.
    static func file(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// What is shown for an address without a name: `module+0xoffset`, or the address alone.
    static func offset(_ address: UInt64, in module: String) -> String {
        (module.isEmpty ? "" : module + "+") + "0x" + String(address, radix: 16)
    }
}
