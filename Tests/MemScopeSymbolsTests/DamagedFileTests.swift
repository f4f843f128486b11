import Foundation
import MemScopeModel
import MemScopeSymbols
import Testing

/// Whatever a file contains, symbolicating ends, and every address gets a frame.
@Suite struct DamagedFileTests {
    private func check(_ bytes: [UInt8], _ addresses: [UInt64], _ path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let module = LoadedModule(start: 0, end: 1 << 47, bias: 0, path: path, buildID: "")
        let result = FileSymbolicator().symbolicate(addresses, modules: [module])
        #expect(result.addresses.count == addresses.count)
        #expect(result.addresses.allSatisfy { !$0.frames.isEmpty && !$0.frames[0].function.isEmpty })
    }

    @Test(arguments: [Fixture.cxxRelease, .cxxOldFormat, .swiftRelease])
    func changedBytesDoNoHarm(_ fixture: Fixture) async throws {
        let original = try await fixture.build()
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: original)))
        let addresses = try Fixture.addresses(in: original, perFunction: 2)
        let path = try Fixture.scratchFolder().appendingPathComponent("damaged").path
        let file = try ElfFile(path: original)
        let sections = [".debug_info", ".debug_abbrev", ".debug_line", ".debug_rnglists", ".debug_ranges", ".symtab"]
        var random = SeededGenerator(seed: 1)
        for round in 0..<40 {
            var damaged = bytes
            let section = file.section(sections[round % sections.count])
            let places = section.map { Int($0.offset)..<Int($0.offset) + $0.contents.count } ?? 16..<bytes.count
            for _ in 0..<(1 << (round % 8)) {
                damaged[Int.random(in: places, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // Every fifth file has a damaged header as well.
            if round % 5 == 4 { damaged[Int.random(in: 32..<64, using: &random)] ^= 0x10 }
            try check(damaged, addresses, path)
        }
        withExtendedLifetime(file) {}
    }

    @Test func cutFilesDoNoHarm() async throws {
        let original = try await Fixture.cxxRelease.build()
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: original)))
        let addresses = try Fixture.addresses(in: original, perFunction: 1)
        let path = try Fixture.scratchFolder().appendingPathComponent("cut").path
        var random = SeededGenerator(seed: 2)
        for length in [1, 4, 15, 16, 63, 64, 65, 200]
            + (0..<30).map({ _ in Int.random(in: 1..<bytes.count, using: &random) })
        {
            try check(Array(bytes.prefix(length)), addresses, path)
            // With the section headers in place of the cut, so that sections reach past the end.
            try check(Array(bytes.prefix(length)) + bytes.suffix(min(2000, bytes.count - length)), addresses, path)
        }
    }

    @Test(arguments: ["", "x", "#!/bin/sh\nexit 0\n", "\u{7f}ELF"])
    func otherFilesAreNamedAsSuch(_ contents: String) throws {
        let path = try Fixture.scratchFolder().appendingPathComponent("other").path
        try Data(contents.utf8).write(to: URL(fileURLWithPath: path))
        let module = LoadedModule(start: 0, end: 0x1000, bias: 0, path: path, buildID: "")
        let result = FileSymbolicator().symbolicate([0x123], modules: [module])
        #expect(result.modules[0].problem == .malformed)
        #expect(result.addresses[0].frames[0].function == "other+0x123")
    }

    @Test func aFolderAndAMissingFileAreNamedAsSuch() throws {
        let folder = try Fixture.scratchFolder().path
        for (path, problem) in [(folder, ModuleSymbols.Problem.malformed), (folder + "/none", .unreadable(errno: 2))] {
            let module = LoadedModule(start: 0, end: 0x1000, bias: 0, path: path, buildID: "")
            let result = FileSymbolicator().symbolicate([0x123], modules: [module])
            #expect(result.modules[0].problem == problem)
            #expect(result.modules[0].note != nil)
        }
    }
}
