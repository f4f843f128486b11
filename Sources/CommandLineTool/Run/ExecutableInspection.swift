/// What the headers of a file say about how the kernel would start it, and whether a library can be preloaded.
///
/// Reads only the header, the program headers and the path of the dynamic linker, and trusts no number it finds there.
struct ExecutableInspection: Equatable, Sendable {
    /// What kind of program the file is.
    enum Kind: Equatable, Sendable {
        /// An ELF program that the dynamic linker at this path starts.
        case program(linker: String)
        /// An ELF program that names no dynamic linker.
        case staticProgram
        /// An ELF file that is not a program (an object file, a core file).
        case notAProgram
        /// A script, and the interpreter in its first line.
        case script(interpreter: String)
    }

    /// Why a file could not be inspected.
    enum Failure: Error, Equatable, CustomStringConvertible {
        /// The file could not be opened or read; the associated value is the error number.
        case unreadable(Int32)
        /// The file is neither ELF nor a script.
        case unknownFormat
        /// The file begins as one of them and does not go on as one.
        case damaged(String)

        var description: String {
            switch self {
            case .unreadable(let code): "cannot be read (error \(code))"
            case .unknownFormat: "is neither an ELF program nor a script with a #! line"
            case .damaged(let what): "is damaged: \(what)"
            }
        }
    }

    /// Hands out up to `count` bytes from `offset`; fewer at the end of the file.
    typealias Reader = (_ offset: UInt64, _ count: Int) throws(Failure) -> [UInt8]

    /// What kind of program the file is.
    let kind: Kind
    /// The ELF machine number (62 is x86-64, 183 is aarch64); 0 for a script.
    let machine: UInt16
    /// Whether an ELF file has 64-bit addresses; false for a script.
    let is64Bit: Bool

    /// The machine number of programs that this build of MemScope can be preloaded into.
    static var hostMachine: UInt16 {
        #if arch(arm64)
            183
        #else
            62
        #endif
    }

    /// Inspects the file whose bytes `read` hands out.
    init(read: Reader) throws(Failure) {
        let head = ByteView(try read(0, 256))
        if head.starts(with: [0x23, 0x21]) {
            kind = .script(interpreter: try Self.interpreter(in: head.bytes))
            machine = 0
            is64Bit = false
            return
        }
        guard head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { throw .unknownFormat }
        guard let fileClass = head.byte(at: 4), let order = head.byte(at: 5), fileClass == 1 || fileClass == 2,
            order == 1 || order == 2
        else { throw .damaged("its ELF header is not one") }
        let header = ByteView(head.bytes, isBigEndian: order == 2)
        let wide = fileClass == 2
        guard let type = header.u16(at: 16), let machine = header.u16(at: 18) else {
            throw .damaged("its ELF header is cut short")
        }
        self.machine = machine
        is64Bit = wide
        guard type == 2 || type == 3 else {
            kind = .notAProgram
            return
        }
        kind = try Self.programKind(header, is64Bit: wide, read: read)
    }

    /// Why a library cannot be preloaded into this program on this machine, as the rest of a sentence that begins with
    /// its name; nil when it can.
    var obstacle: String? {
        if case .script = kind { return nil }
        guard is64Bit, machine == Self.hostMachine else {
            return "is built for another architecture (ELF machine \(machine), \(is64Bit ? 64 : 32)-bit)"
        }
        switch kind {
        case .notAProgram:
            return "is an object or core file, not a program"
        case .staticProgram:
            return "is statically linked, so no library can be preloaded into it; link it dynamically, or link MemScope"
        case .program(let linker) where linker.split(separator: "/").last?.hasPrefix("ld-musl") == true:
            return "is linked against musl; the preload library needs glibc"
        case .program, .script:
            return nil
        }
    }

    /// Reads the program headers for the path of the dynamic linker.
    private static func programKind(_ header: ByteView, is64Bit: Bool, read: Reader) throws(Failure) -> Kind {
        let table = is64Bit ? header.u64(at: 32) : header.u32(at: 28).map(UInt64.init)
        guard let table, let entrySize = header.u16(at: is64Bit ? 54 : 42),
            let count = header.u16(at: is64Bit ? 56 : 44)
        else { throw .damaged("its ELF header is cut short") }
        // The kernel takes exactly this size, and no more than 64 KiB of them.
        guard entrySize == (is64Bit ? 56 : 32), count > 0, Int(count) * Int(entrySize) <= 65536 else {
            throw .damaged("its program headers have no valid size")
        }
        let length = Int(count) * Int(entrySize)
        let entries = ByteView(try read(table, length), isBigEndian: header.isBigEndian)
        guard entries.bytes.count == length else { throw .damaged("its program headers lie beyond its end") }
        for base in stride(from: 0, to: length, by: Int(entrySize)) where entries.u32(at: base) == 3 {
            let offset = is64Bit ? entries.u64(at: base + 8) : entries.u32(at: base + 4).map(UInt64.init)
            let size = is64Bit ? entries.u64(at: base + 32) : entries.u32(at: base + 16).map(UInt64.init)
            // A path has at most 4096 bytes, its end included.
            guard let offset, let size, size >= 2, size <= 4096 else {
                throw .damaged("the path of its dynamic linker has no valid length")
            }
            let path = try read(offset, Int(size))
            guard path.count == Int(size), path.last == 0 else {
                throw .damaged("the path of its dynamic linker lies beyond its end")
            }
            return .program(linker: String(decoding: path.prefix { $0 != 0 }, as: UTF8.self))
        }
        return .staticProgram
    }

    /// Takes the interpreter out of a script's first line, as the kernel does.
    private static func interpreter(in bytes: [UInt8]) throws(Failure) -> String {
        let line = bytes.dropFirst(2).prefix { $0 != 0x0A && $0 != 0 }
        let path = line.drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0x20 && $0 != 0x09 }
        guard !path.isEmpty else { throw .damaged("its #! line names no interpreter") }
        // A path that fills the kernel's buffer may have been cut.
        guard path.endIndex < 256 else { throw .damaged("its #! line is too long") }
        return String(decoding: path, as: UTF8.self)
    }
}
