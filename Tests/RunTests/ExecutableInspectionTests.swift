internal import Testing

@testable import memscope

@Suite("What the headers of a file say")
struct ExecutableInspectionTests {
    /// Inspects bytes as if they were a file.
    private func inspect(_ bytes: [UInt8]) throws(ExecutableInspection.Failure) -> ExecutableInspection {
        try ExecutableInspection { (offset, count) throws(ExecutableInspection.Failure) in
            guard let start = Int(exactly: offset), start < bytes.count else { return [] }
            return Array(bytes[start..<min(bytes.count, start + count)])
        }
    }

    @Test("A program names its dynamic linker", arguments: [true, false], [true, false])
    func program(is64Bit: Bool, isBigEndian: Bool) throws {
        let file = ELFBytes(machine: 0x1234, is64Bit: is64Bit, isBigEndian: isBigEndian, linker: "/lib/ld.so")
        let inspection = try inspect(file.bytes)
        #expect(inspection.kind == .program(linker: "/lib/ld.so"))
        #expect(inspection.machine == 0x1234)
        #expect(inspection.is64Bit == is64Bit)
    }

    @Test("A program for this machine has no obstacle")
    func native() throws {
        let file = ELFBytes(machine: ExecutableInspection.hostMachine)
        #expect(try inspect(file.bytes).obstacle == nil)
    }

    @Test("Static programs, object files, other machines and musl are obstacles that are named")
    func obstacles() throws {
        let host = ExecutableInspection.hostMachine
        let files: [(ELFBytes, String)] = [
            (ELFBytes(machine: host, linker: nil), "statically linked"),
            (ELFBytes(machine: host, type: 1), "object or core file"),
            (ELFBytes(machine: host, type: 4), "object or core file"),
            (ELFBytes(machine: host == 62 ? 183 : 62), "another architecture"),
            (ELFBytes(machine: host, is64Bit: false), "32-bit"),
            (ELFBytes(machine: host, linker: "/lib/ld-musl-x86_64.so.1"), "musl"),
        ]
        for (file, words) in files {
            #expect(try inspect(file.bytes).obstacle?.contains(words) == true, "\(words)")
        }
    }

    @Test("A file cut anywhere is refused, never read beyond its end")
    func truncated() throws {
        let whole = ELFBytes(machine: ExecutableInspection.hostMachine).bytes
        for length in 0..<whole.count {
            #expect(throws: ExecutableInspection.Failure.self, "cut to \(length)") {
                try inspect(Array(whole[..<length]))
            }
        }
    }

    @Test("Any changed byte leads to an answer or a refusal")
    func mutated() {
        let whole = ELFBytes(machine: ExecutableInspection.hostMachine).bytes
        var answers = 0
        var refusals = 0
        for position in whole.indices {
            for value: UInt8 in [0x00, 0x01, 0x7F, 0x80, 0xFF] {
                var file = whole
                file[position] = value
                if (try? inspect(file)) != nil { answers += 1 } else { refusals += 1 }
            }
        }
        // Most bytes do not matter; those of the magic, of sizes and of offsets do.
        #expect(answers > refusals)
        #expect(refusals > 60)
    }

    @Test("Numbers that point far outside are refused")
    func wild() {
        var file = ELFBytes(machine: ExecutableInspection.hostMachine).bytes
        file.replaceSubrange(32..<40, with: [UInt8](repeating: 0xFF, count: 8))
        #expect(throws: ExecutableInspection.Failure.damaged("its program headers lie beyond its end")) {
            try inspect(file)
        }
        file = ELFBytes(machine: ExecutableInspection.hostMachine).bytes
        file.replaceSubrange(64 + 56 + 8..<64 + 56 + 16, with: [UInt8](repeating: 0xFF, count: 8))
        #expect(throws: ExecutableInspection.Failure.damaged("the path of its dynamic linker lies beyond its end")) {
            try inspect(file)
        }
    }

    @Test(
        "A script names its interpreter",
        arguments: [
            ("#!/bin/sh\n", "/bin/sh"), ("#! \t/usr/bin/env python3\nprint()", "/usr/bin/env"),
            ("#!/bin/sh", "/bin/sh"),
        ])
    func script(text: String, interpreter: String) throws {
        let inspection = try inspect(Array(text.utf8))
        #expect(inspection.kind == .script(interpreter: interpreter))
        #expect(inspection.obstacle == nil)
    }

    @Test("Scripts without an interpreter and other files are refused")
    func refused() {
        for text in ["#!", "#!\n", "#!   \n", "#!/" + String(repeating: "x", count: 300)] {
            #expect(throws: ExecutableInspection.Failure.self, "\(text)") { try inspect(Array(text.utf8)) }
        }
        for text in ["", "#", "echo hello", "MZ"] {
            #expect(throws: ExecutableInspection.Failure.unknownFormat) { try inspect(Array(text.utf8)) }
        }
    }

    @Test("The file of this very test is a program, a missing one is not readable")
    func files() throws {
        let own = try ExecutableInspection(path: "/proc/self/exe")
        #expect(own.obstacle == nil)
        #expect(throws: ExecutableInspection.Failure.unreadable(2)) { try ExecutableInspection(path: "/nowhere") }
    }
}
