import Foundation
import Testing

/// The floors of the house, lowest first; a target may import any lower floor, never a sibling.
private let floors: [[String]] = [
    [
        "CSpglib", "CNLopt", "CLAPACK", "CZlib", "CGemmi", "CStructureFactors", "CGatedLayers",
        "CBandedProducts", "CPeakRate", "CAllocationCount", "CrystalTexts", "CKIM", "CWyckoff",
        "SpaceGroupTables", "ReferenceData", "StructureTypeTable", "ReferenceCrystalTable",
        "ExplainedErrors",
    ],
    ["NumericalMethods", "Archives", "Publishing", "Stores"],
    ["Crystallography"],
    ["Symmetry"],
    ["Parameterization", "Indexing"],
    ["Diffraction", "CrystalFiles", "Matching", "LearnedModels"],
    ["Energies", "PropertyModels"],
    ["Refinement"],
    ["Recovery", "Landscape", "Design", "Validation", "Patterns", "ExtinctionSymbols"],
    ["Studies", "Evaluations", "Campaigns"],
    ["Jobs"],
    ["Reports"],
    // The command and the C interface, the maker of the space-group tables, the worker of the benchmarks.
    ["WyckoffCommand", "WyckoffInterface", "generate-space-groups", "wyckoff-bench"],
]
/// The library that re-exports floors 2 to 8 stands above them and below floor 9's users.
private let umbrella = "Wyckoff"

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func floor(_ target: String) -> Double? {
    if target == umbrella { return 8.5 }
    return floors.firstIndex { $0.contains(target) }.map { Double($0) }
}

/// A target as Package.swift declares it.
private struct Target {
    var name: String
    var isTest: Bool
    var dependencies: [String]
    var path: String

    static func all() throws -> [Target] {
        let text = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let start = try #require(text.range(of: "targets: [\n", options: .backwards))
        let code = text[start.upperBound...].replacingOccurrences(
            of: "//[^\n]*", with: "", options: .regularExpression)
        let declaration = /\.(systemLibrary|target|executableTarget|testTarget)\(\s*name: "([\w-]+)"/
        let heads = code.matches(of: declaration)
        return heads.enumerated().map { k, head in
            let end = k + 1 < heads.count ? heads[k + 1].range.lowerBound : code.endIndex
            let body = code[head.range.upperBound..<end]
            let list = body.firstMatch(of: /dependencies: \[([^\]]*)\]/).map { String($0.output.1) } ?? ""
            // .product(name:package:) names what is outside of the house.
            let own = list.replacingOccurrences(
                of: "\\.product\\([^)]*\\)", with: "", options: .regularExpression)
            let isTest = head.output.1 == "testTarget"
            let name = String(head.output.2)
            let path = body.firstMatch(of: /path: "([^"]+)"/).map { String($0.output.1) }
            return Target(
                name: name, isTest: isTest,
                dependencies: own.matches(of: /"([\w-]+)"/).map { String($0.output.1) },
                path: path ?? (isTest ? "Tests/" : "Sources/") + name)
        }
    }

    /// The modules that its Swift sources import, file by file.
    func imports() -> [(file: String, module: String)] {
        let folder = root.appendingPathComponent(path)
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL]
        return (files ?? []).filter { $0.pathExtension == "swift" }.flatMap { url in
            let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
            let line =
                /^(?:@\w+(?:\([^)]*\))? |public |internal |package |private |fileprivate )*import (?:struct |class |enum |func |protocol )?(\w+)/
                .anchorsMatchLineEndings()
            return text.matches(of: line).map { (url.lastPathComponent, String($0.output.1)) }
        }
    }
}

@Suite struct PackageLayoutTests {
    @Test func everyTargetHasAFloor() throws {
        let targets = try Target.all()
        #expect(targets.count > 20)
        for target in targets where !target.isTest {
            #expect(floor(target.name) != nil, "\(target.name) stands on no floor of this test's list")
        }
    }

    @Test func dependenciesGoDownOnly() throws {
        for target in try Target.all() where !target.isTest {
            let own = try #require(floor(target.name))
            for dependency in target.dependencies {
                let other = try #require(floor(dependency), "\(dependency)")
                #expect(other < own, "\(target.name) may not depend on \(dependency)")
            }
        }
    }

    @Test func importsGoDownOnlyInTheSourcesToo() throws {
        for target in try Target.all() where !target.isTest {
            let own = try #require(floor(target.name))
            for (file, module) in target.imports() {
                guard let other = floor(module) else { continue }
                #expect(other < own, "\(target.name)/\(file) may not import \(module)")
            }
        }
    }

    /// What the jobs rest on outside of the house.
    @Test func onlyKnownModulesAreImportedFromOutside() throws {
        let known: Set<String> = [
            "Foundation", "Dispatch", "GRDB", "Synchronization", "ArgumentParser", "Glibc", "Darwin", "Musl",
        ]
        for target in try Target.all() where !target.isTest {
            for (file, module) in target.imports() where floor(module) == nil {
                #expect(known.contains(module), "\(target.name)/\(file) imports \(module)")
            }
        }
    }

    @Test func systemLibrariesAreReachedFromOneTargetEach() throws {
        for library in ["CSpglib", "CNLopt", "CLAPACK", "CZlib"] {
            let users = try Target.all().filter { target in
                !target.isTest && target.imports().contains { $0.module == library }
            }
            #expect(users.count <= 1, "\(library) is imported by \(users.map(\.name))")
        }
    }

    /// Problem, remedy and place in one line, made in one place.
    @Test func everyErrorOfALibraryExplainsItself() throws {
        let declaration = /(?:public|package) (?:enum|struct|final class) (\w+): [^{\n]*\bError\b/
        for target in try Target.all() where !target.isTest {
            let folder = root.appendingPathComponent(target.path)
            let files =
                FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects
                as? [URL]
            for file in files ?? [] where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: declaration) {
                    #expect(
                        Bool(false), "\(target.name): \(match.output.1) is an Error, not an ExplainedError")
                }
            }
        }
    }

    @Test func testsUseThePublicInterface() throws {
        let word = "@test" + "able"
        for target in try Target.all() where target.isTest {
            let folder = root.appendingPathComponent(target.path)
            let files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
            for file in files where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(!text.contains(word), "\(target.name)/\(file.lastPathComponent)")
            }
        }
    }
}
