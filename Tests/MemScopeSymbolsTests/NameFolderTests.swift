import Foundation
import MemScopeSymbols
import Testing

/// Mangled names of real binaries: the Swift runtime and libraries, SwiftSyntax, small Swift and C++ programs.
@Suite struct NameFolderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var mangled: String
        var display: String
        var traits: FunctionTraits
        var role: String
        var testDescription: String { mangled }
    }

    static let rows: [Row] = {
        let file = Fixture.sources.appendingPathComponent("FoldedNames.tsv")
        let text = (try? String(decoding: Data(contentsOf: file), as: UTF8.self)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 4, let traits = UInt16(parts[2]) else { return nil }
            return Row(mangled: parts[0], display: parts[1], traits: FunctionTraits(rawValue: traits), role: parts[3])
        }
    }()

    @Test func tableIsWhole() {
        #expect(Self.rows.count > 130)
    }

    @Test(arguments: rows) func foldsToTheNameAPersonRecognises(_ row: Row) {
        let folded = NameFolder().fold(row.mangled)
        #expect(folded.display == row.display)
        #expect(folded.traits == row.traits)
        #expect("\(folded.role)" == row.role)
    }

    @Test func continuationsHaveTheNameOfTheirFunction() {
        let function = NameFolder().fold("$s5a_rel7SessionC6handleySiSSYaKF")
        for part in ["TY0_", "TQ1_", "TQ2_", "TY3_", "TY12_", "TQ0_Tm"] {
            let folded = NameFolder().fold("$s5a_rel7SessionC6handleySiSSYaKF" + part)
            #expect(folded.display == function.display)
            #expect(folded.traits.contains(.continuation))
        }
        #expect(!function.traits.contains(.continuation))
        #expect(function.display == "Session.handle(_:)")
    }

    @Test func damagedNamesAreShownAsTheyAre() {
        var random = SeededGenerator(seed: 7)
        for row in Self.rows where row.mangled.count > 4 {
            var bytes = Array(row.mangled.utf8)
            for _ in 0..<8 {
                let position = Int.random(in: 2..<bytes.count, using: &random)
                bytes[position] = UInt8.random(in: 33...126, using: &random)
                let name = String(decoding: bytes, as: UTF8.self)
                #expect(!NameFolder().fold(name).display.isEmpty)
            }
        }
        #expect(NameFolder().fold("").display == "")
        #expect(NameFolder().fold("$s").display == "$s")
    }

    @Test func extensionsOfTheStandardLibraryBelongToWhoWroteThem() {
        #expect(NameFolder().fold("$sSa4mainE4mineSayxGyF").role == .program)
        #expect(NameFolder().fold("$sSa6appendyyxnF").role == .system)
        #expect(NameFolder().fold("$sSa6appendyyxnF4main3FooV_Tg5").role == .system)
    }

    @Test(arguments: [
        ("libswiftCore.so", FrameRole.system), ("libc.so.6", .system), ("ld-linux-x86-64.so.2", .system),
        ("libstdc++.so.6.0.30", .system), ("linux-vdso.so.1", .system), ("libFoundationEssentials.so", .system),
        ("libMemScopePreload.so", .allocation),
    ])
    func modulesOfTheSystemAreKnown(_ name: String, _ role: FrameRole) {
        #expect(RoleRules.role(ofModule: name) == role)
    }

    @Test(arguments: [
        "server", "libcurl.so.4", "libcrypto.so.3", "libmine.so", "libswiftplugin.so", "libFoundationDB.so",
    ])
    func otherModulesAreNot(_ name: String) {
        #expect(RoleRules.role(ofModule: name) == nil)
    }
}
