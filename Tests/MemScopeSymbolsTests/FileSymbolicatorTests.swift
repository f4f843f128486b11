import Foundation
import MemScopeModel
import MemScopeSymbols
import Testing

@Suite struct FileSymbolicatorTests {
    /// The address of the function whose folded name is `name`, in the file.
    private func function(_ name: String, in path: String, continuation: Bool = false) throws -> UInt64 {
        let file = try ElfFile(path: path)
        let table = SymbolTable(file)
        let entry = table.entries.first {
            let folded = NameFolder().fold(table.name(of: $0))
            return folded.display == name && folded.traits.contains(.continuation) == continuation
        }
        withExtendedLifetime(file) {}
        return try #require(entry).address
    }

    @Test func looksUpTheByteBeforeAReturnAddress() async throws {
        let path = try await Fixture.cxxDebug.build()
        let start = try function("main", in: path)
        let module = try Fixture.cxxDebug.module(at: path)
        let result = FileSymbolicator().symbolicate([start + 1, start], modules: [module])
        #expect(result.addresses[0].frames.last?.function == "main")
        #expect(result.addresses[1].frames.last?.function != "main")
        #expect(result.addresses[0].frames.last?.file?.hasSuffix("program.cpp") == true)
    }

    @Test func takesTheStartOfAPartAfterAwaitAsItIs() async throws {
        let path = try await Fixture.swiftRelease.build()
        let start = try function("Session.handle(_:)", in: path, continuation: true)
        let module = try Fixture.swiftRelease.module(at: path)
        let frame = FileSymbolicator().symbolicate([start], modules: [module]).addresses[0].frames.last
        #expect(frame?.function == "Session.handle(_:)")
        #expect(frame?.traits.contains(.continuation) == true)
    }

    @Test func answersInTheOrderAskedAndRepeatsItself() async throws {
        let path = try await Fixture.cxxRelease.build()
        let module = try Fixture.cxxRelease.module(at: path, bias: 0x5000_0000)
        let addresses = try Fixture.addresses(in: path, perFunction: 3).map { $0 + module.bias + 1 }
        let symbolicator = FileSymbolicator()
        let forward = symbolicator.symbolicate(addresses, modules: [module])
        let backward = symbolicator.symbolicate(addresses.reversed() + addresses, modules: [module])
        #expect(backward.addresses == forward.addresses.reversed() + forward.addresses)
        #expect(backward.modules == forward.modules)
        let alone = FileSymbolicator().symbolicate([addresses[5]], modules: [module])
        #expect(alone.addresses == [forward.addresses[5]])
    }

    @Test func keepsResultsWhenTheFileIsGone() async throws {
        let original = try await Fixture.cxxDebug.build()
        let path = try Fixture.scratchFolder().appendingPathComponent("copy").path
        try FileManager.default.copyItem(atPath: original, toPath: path)
        let module = try Fixture.cxxDebug.module(at: path)
        let main = try function("main", in: path) + 4
        let symbolicator = FileSymbolicator()
        let before = symbolicator.symbolicate([main], modules: [module])
        try FileManager.default.removeItem(atPath: path)
        #expect(symbolicator.symbolicate([main], modules: [module]).addresses == before.addresses)
        symbolicator.removeAll()
        let after = symbolicator.symbolicate([main], modules: [module])
        #expect(after.addresses[0].quality == .none)
        #expect(after.modules[0].problem == .unreadable(errno: 2))
    }

    @Test func doesNotUseAFileOfAnotherBuild() async throws {
        let path = try await Fixture.cxxDebug.build()
        let main = try function("main", in: path) + 4
        let module = try Fixture.cxxDebug.module(at: path, buildID: "00112233")
        let found = try ElfFile(path: path).buildID
        let result = FileSymbolicator().symbolicate([main], modules: [module])
        #expect(!found.isEmpty)
        #expect(result.addresses[0].frames.map(\.function) == ["program+0x" + String(main, radix: 16)])
        #expect(result.addresses[0].quality == .none)
        #expect(result.modules[0].problem == .differentBuild(loaded: "00112233", found: found))
        #expect(result.modules[0].note?.contains("00112233") == true)
    }

    @Test func aStrippedFileGivesOffsetsAndSaysSo() async throws {
        let path = try await Fixture.cxxStripped.build()
        let module = try Fixture.cxxStripped.module(at: path)
        let code = try #require(try ElfFile(path: path).executableRanges.first)
        let result = FileSymbolicator().symbolicate([code.lowerBound + 0x80], modules: [module])
        #expect(result.addresses[0].quality == .none)
        #expect(result.addresses[0].frames[0].function.hasPrefix("program+0x"))
        #expect(result.modules[0].names != .all)
        #expect(result.modules[0].note?.contains("stripped") == true)
    }

    @Test func aFileWithoutDebugInformationGivesNamesAndSaysSo() async throws {
        let path = try await Fixture.swiftPlain.build()
        let module = try Fixture.swiftPlain.module(at: path)
        let address = try function("leaf(_:)", in: path) + 4
        let result = FileSymbolicator().symbolicate([address], modules: [module])
        #expect(result.addresses[0].frames.map(\.function) == ["leaf(_:)"])
        #expect(result.addresses[0].quality == .symbol)
        #expect(result.modules[0].note?.contains("-g") == true)
    }

    @Test func findsSeparateDebugInformationByItsBuildID() async throws {
        let original = try await Fixture.cxxRelease.build()
        let folder = try Fixture.scratchFolder()
        let path = folder.appendingPathComponent("program").path
        let debug = folder.appendingPathComponent("program.debug").path
        try Tool.run("llvm-objcopy", ["--only-keep-debug", original, debug])
        try Tool.run("llvm-objcopy", ["--strip-all", "--add-gnu-debuglink=\(debug)", original, path])
        let addresses = try Fixture.addresses(in: original, perFunction: 3).map { $0 + 1 }
        let symbolicator = FileSymbolicator()
        let expected = symbolicator.symbolicate(
            addresses, modules: [try Fixture.cxxRelease.module(at: original)])
        let result = symbolicator.symbolicate(addresses, modules: [try Fixture.cxxRelease.module(at: path)])
        #expect(result.addresses == expected.addresses)
        #expect(result.modules[0].debugFile == debug)
        #expect(result.modules[0].hasLines)
    }

    @Test func addressesOutsideEveryModuleAreShownAsNumbers() {
        let kernel = LoadedModule(start: 0x1000, end: 0x2000, bias: 0x1000, path: "linux-vdso.so.1", buildID: "")
        let result = FileSymbolicator().symbolicate([0, 0xdead, 0x1010], modules: [kernel])
        #expect(result.addresses.map { $0.frames[0].function } == ["0x0", "0xdead", "linux-vdso.so.1+0x10"])
        #expect(result.addresses[2].frames[0].role == .system)
        #expect(result.modules.map(\.problem) == [.noFile])
    }

    @Test func anUnloadedModuleGivesWayToTheOneLoadedInItsPlace() {
        let old = LoadedModule(start: 0x1000, end: 0x3000, bias: 0, path: "old", buildID: "", isUnloaded: true)
        let new = LoadedModule(start: 0x2000, end: 0x3000, bias: 0, path: "new", buildID: "")
        let result = FileSymbolicator().symbolicate([0x1800, 0x2800, 0x3000, 0x3001], modules: [old, new])
        #expect(result.addresses.map { $0.frames[0].module } == ["old", "new", "new", ""])
    }
}
