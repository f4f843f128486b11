import Foundation
import Testing
import MemScopeModel
import MemScopeSymbols

/// A program built for the tests, each variant once a run.
struct Fixture: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var source: String
    var compiler: String
    var flags: [String]

    static let swiftDebug = Fixture("Swift, debug", "Program.swift", "swiftc", ["-parse-as-library", "-g", "-Onone"])
    static let swiftRelease = Fixture("Swift, release", "Program.swift", "swiftc", ["-parse-as-library", "-g", "-O"])
    static let swiftPlain = Fixture("Swift without -g", "Program.swift", "swiftc", ["-parse-as-library", "-O"])
    static let cxxDebug = Fixture("C++, debug", "program.cpp", "clang++", ["-std=c++17", "-g", "-O0"])
    static let cxxRelease = Fixture("C++, release", "program.cpp", "clang++", ["-std=c++17", "-g", "-O2"])
    static let cxxOldFormat = Fixture(
        "C++, DWARF 4", "program.cpp", "clang++", ["-std=c++17", "-gdwarf-4", "-O2"])
    static let cxxWide = Fixture(
        "C++, 64-bit DWARF 5", "program.cpp", "clang++", ["-std=c++17", "-gdwarf64", "-gdwarf-5", "-O2"])
    static let cxxFixedAddress = Fixture(
        "C++, fixed address", "program.cpp", "clang++", ["-std=c++17", "-g", "-O1", "-no-pie", "-fno-pie"])
    static let cxxStripped = Fixture(
        "C++, stripped", "program.cpp", "clang++", ["-std=c++17", "-O2", "-Wl,-s"])

    /// All with debug information.
    static let described = [
        swiftDebug, swiftRelease, cxxDebug, cxxRelease, cxxOldFormat, cxxWide, cxxFixedAddress,
    ]

    private init(_ name: String, _ source: String, _ compiler: String, _ flags: [String]) {
        (testDescription, self.source, self.compiler, self.flags) = (name, source, compiler, flags)
    }

    /// The folder of the fixtures' sources.
    static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// A folder for what a test writes.
    static func scratchFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("symbols-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Builds the program unless another test has, and returns its path.
    func build() async throws -> String {
        try await FixtureStore.shared.build(self)
    }

    /// The program as if it were loaded at `bias`.
    func module(at path: String, bias: UInt64 = 0, buildID: String? = nil) throws -> LoadedModule {
        let file = try ElfFile(path: path)
        return LoadedModule(
            start: bias, end: bias + 0x1000_0000, bias: bias, path: path, buildID: buildID ?? file.buildID)
    }

    /// Addresses inside the program's functions, the same in every run; sorted.
    static func addresses(in path: String, perFunction: Int) throws -> [UInt64] {
        var random = SeededGenerator(seed: 42)
        var addresses: Set<UInt64> = []
        let file = try ElfFile(path: path)
        for entry in SymbolTable(file).entries where entry.size > 1 {
            for _ in 0..<perFunction { addresses.insert(entry.address + .random(in: 0..<entry.size, using: &random)) }
        }
        withExtendedLifetime(file) {}
        return addresses.sorted()
    }
}
