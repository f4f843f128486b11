import MemScopeModel
import MemScopeSymbols
import Testing

/// Compares with llvm-symbolizer, which reads the same files with code of its own.
@Suite(.enabled(if: Tool.find("llvm-symbolizer") != nil, "llvm-symbolizer is not on PATH"))
struct OracleTests {
    struct Frame: Equatable {
        var name: String
        var file: String
        var line: Int
    }

    @Test(arguments: Fixture.described)
    func agreesOnFunctionsFilesAndLines(_ fixture: Fixture) async throws {
        let path = try await fixture.build()
        let addresses = try Fixture.addresses(in: path, perFunction: 12)
        let expected = try oracle(path, addresses)
        let module = try fixture.module(at: path, bias: 0x7000_0000_0000)
        let result = FileSymbolicator().symbolicate(addresses.map { $0 + module.bias + 1 }, modules: [module])

        let starts = Set(try continuationStarts(path))
        var inlined = 0
        var withLines = 0
        // A start of a part after `await` is looked up itself, where the oracle looked at the byte before.
        for (index, address) in addresses.enumerated() where !starts.contains(address + 1) {
            let frames = result.addresses[index].frames.map {
                Frame(
                    name: NameFolder().fold($0.linkageName ?? "").display, file: $0.file ?? "", line: $0.line ?? 0)
            }
            #expect(frames == expected[index], "at \(String(address, radix: 16))")
            inlined += result.addresses[index].frames.count { $0.isInlined }
            withLines += result.addresses[index].quality == .lines ? 1 : 0
        }
        #expect(addresses.count > 100)
        #expect(withLines > 50)
        if fixture.flags.contains("-O2") || fixture.flags.contains("-O") { #expect(inlined > 20) }
        #expect(result.modules.first?.note == nil)
    }

    private func continuationStarts(_ path: String) throws -> [UInt64] {
        let file = try ElfFile(path: path)
        let table = SymbolTable(file)
        let starts = table.entries.filter { NameFolder.isContinuation(table.name(of: $0)) }.map(\.address)
        withExtendedLifetime(file) {}
        return starts
    }

    private func oracle(_ path: String, _ addresses: [UInt64]) throws -> [[Frame]] {
        let input = addresses.map { "0x" + String($0, radix: 16) }.joined(separator: "\n") + "\n"
        let output = try Tool.run(
            "llvm-symbolizer", ["-e", path, "--functions=linkage", "--no-demangle", "--inlines"], input: input)
        var results: [[Frame]] = []
        var current: [Frame] = []
        var name: String?
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                if !current.isEmpty { results.append(current) }
                current = []
            } else if let function = name {
                let parts = line.split(separator: ":", omittingEmptySubsequences: false)
                let number = parts.count >= 3 ? Int(parts[parts.count - 2]) ?? 0 : 0
                let file = number == 0 ? "" : parts.dropLast(2).joined(separator: ":")
                current.append(Frame(name: NameFolder().fold(function).display, file: file, line: number))
                name = nil
            } else {
                name = String(line)
            }
        }
        return results
    }
}
