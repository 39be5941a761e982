import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

/// spglib's own test structures beside the checkout.
enum SpglibFixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data/spglib").standardized.path
    static let isThere = FileManager.default.fileExists(atPath: folder)

    struct Fixture: Sendable {
        let path: String
        let number: Int
        let tolerance: Double
    }

    static func all() -> [Fixture] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.contains("POSCAR-") && !$0.hasSuffix("-ref") }.sorted().compactMap { name in
            let stem = name.split(separator: "/").last?.dropFirst("POSCAR-".count) ?? ""
            guard let number = stem.split(separator: "-").first.flatMap({ Int($0) }) else { return nil }
            return Fixture(
                path: folder + "/" + name, number: number, tolerance: name.hasPrefix("distorted") ? 0.1 : 1e-5)
        }
    }

    static func letters(_ path: String) -> [String]? {
        guard let text = try? String(contentsOfFile: path + "-ref", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").filter { $0.hasPrefix("- ") }
            .map { $0.dropFirst(2).trimmingCharacters(in: CharacterSet(charactersIn: "\" ")) }
    }

    static func lastHallNumber(of number: Int) -> Int {
        (1...530).last { SpaceGroup(hallNumber: $0)?.number == number } ?? 1
    }
}

@Suite struct SymmetryFinderTests {
    @Test(.enabled(if: SpglibFixtures.isThere, "needs spglib's test structures"))
    func spglibsOwnStructuresHaveTheGroupInTheirName() throws {
        let fixtures = SpglibFixtures.all()
        var wrong: [String] = []
        for fixture in fixtures {
            do {
                let structure = try CrystalFile.readFirst(fixture.path).structure
                let found = try SymmetryFinder.find(in: structure, tolerance: fixture.tolerance)
                if found.spaceGroup.number != fixture.number {
                    wrong.append("\(fixture.path): \(found.spaceGroup.number)")
                }
            } catch {
                wrong.append("\(fixture.path): \(error)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(fixtures.count): \(wrong.prefix(20).joined(separator: "\n"))")
        #expect(fixtures.count > 200)
    }

    @Test(.enabled(if: SpglibFixtures.isThere, "needs spglib's test structures"))
    func lettersInTheLastSettingAreThoseOfTheReferences() throws {
        var wrong: [String] = []
        var count = 0
        for fixture in SpglibFixtures.all() {
            guard let letters = SpglibFixtures.letters(fixture.path) else { continue }
            count += 1
            do {
                let structure = try CrystalFile.readFirst(fixture.path).structure
                let found = try SymmetryFinder.find(
                    in: structure, tolerance: fixture.tolerance,
                    hallNumber: SpglibFixtures.lastHallNumber(of: fixture.number))
                if found.letters != letters {
                    wrong.append("\(fixture.path): \(found.letters.joined()) for \(letters.joined())")
                }
            } catch {
                wrong.append("\(fixture.path): \(error)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(count): \(wrong.prefix(20).joined(separator: "\n"))")
    }

    @Test(.enabled(if: SpglibFixtures.isThere, "needs spglib's test structures"))
    func whatIsEnforcedIsFoundAgainAndEnforcingTwiceChangesNothing() throws {
        var wrong: [String] = []
        for fixture in SpglibFixtures.all() {
            let structure = try CrystalFile.readFirst(fixture.path).structure
            let found = try SymmetryFinder.find(in: structure, tolerance: fixture.tolerance)
            for cell in [StandardCell.keep, .standard, .primitive] {
                let once = try SymmetryFinder.standardize(structure, found, cell: cell)
                do {
                    let again = try SymmetryFinder.find(
                        in: once.structure, tolerance: 1e-5, hallNumber: found.spaceGroup.hallNumber)
                    let twice = try SymmetryFinder.standardize(once.structure, again, cell: cell)
                    let move =
                        zip(once.structure.sites, twice.structure.sites)
                        .map { ($0.position - $1.position).nearestImage.length }.max() ?? 0
                    let strain = (once.structure.lattice.metric - twice.structure.lattice.metric).frobeniusNorm
                    if once.structure.sites.count != twice.structure.sites.count || again.maxDisplacement > 1e-9
                        || (cell == .keep && move > 1e-10) || strain > 1e-8 {
                        wrong.append("\(fixture.path) \(cell): \(again.maxDisplacement) \(move) \(strain)")
                    }
                } catch {
                    wrong.append("\(fixture.path) \(cell): \(error)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(20).joined(separator: "\n"))")
    }
}
