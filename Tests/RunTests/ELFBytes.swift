/// Hand-made ELF files, as small as they can be.
struct ELFBytes {
    var machine: UInt16 = 62
    var type: UInt16 = 3
    var is64Bit = true
    var isBigEndian = false
    var linker: String? = "/lib64/ld-linux-x86-64.so.2"

    /// The bytes of the file: header, two program headers, the path of the dynamic linker.
    var bytes: [UInt8] {
        let header = is64Bit ? 64 : 52
        let entry = is64Bit ? 56 : 32
        var file = [UInt8](repeating: 0, count: header + 2 * entry)
        file.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, is64Bit ? 2 : 1, isBigEndian ? 2 : 1])
        put(UInt64(type), 2, at: 16, in: &file)
        put(UInt64(machine), 2, at: 18, in: &file)
        put(UInt64(header), is64Bit ? 8 : 4, at: is64Bit ? 32 : 28, in: &file)
        put(UInt64(entry), 2, at: is64Bit ? 54 : 42, in: &file)
        put(2, 2, at: is64Bit ? 56 : 44, in: &file)
        put(1, 4, at: header, in: &file)  // PT_LOAD
        guard let linker else { return file }
        let second = header + entry
        put(3, 4, at: second, in: &file)  // PT_INTERP
        put(UInt64(file.count), is64Bit ? 8 : 4, at: second + (is64Bit ? 8 : 4), in: &file)
        put(UInt64(linker.utf8.count + 1), is64Bit ? 8 : 4, at: second + (is64Bit ? 32 : 16), in: &file)
        return file + Array(linker.utf8) + [0]
    }

    private func put(_ value: UInt64, _ size: Int, at offset: Int, in file: inout [UInt8]) {
        for index in 0..<size {
            let shift = 8 * (isBigEndian ? size - 1 - index : index)
            file[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(shift))
        }
    }
}
