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
                path: folder + "/" + name, number: number, tolerance: name.hasPrefix("distorted") ? 0.1 : 1e-5
            )
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

/// Reaches `GroupProjection`, `SpglibEdge`.
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
        #expect(
            wrong.isEmpty, "\(wrong.count) of \(fixtures.count): \(wrong.prefix(20).joined(separator: "\n"))")
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
                    let strain = (once.structure.lattice.metric - twice.structure.lattice.metric)
                        .frobeniusNorm
                    if once.structure.sites.count != twice.structure.sites.count
                        || again.maxDisplacement > 1e-9
                        || (cell == .keep && move > 1e-10) || strain > 1e-8
                    {
                        wrong.append("\(fixture.path) \(cell): \(again.maxDisplacement) \(move) \(strain)")
                    }
                } catch {
                    wrong.append("\(fixture.path) \(cell): \(error)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(20).joined(separator: "\n"))")
    }

    /// In a group's first setting, where no axes are permuted, our symbols are the ones that spglib's own list gives
    /// the same letters.
    @Test(.enabled(if: SpglibFixtures.isThere && WyckoffOracle.path != nil, "needs spglib's test structures"))
    func siteSymmetrySymbolsAreSpglibs() throws {
        var wrong: [String] = []
        for fixture in SpglibFixtures.all() {
            let structure = try CrystalFile.readFirst(fixture.path).structure
            let found = try SymmetryFinder.find(in: structure, tolerance: fixture.tolerance)
            let oracle = WyckoffOracle.positions[found.spaceGroup.hallNumber] ?? []
            for (letter, symbol) in zip(found.letters, found.siteSymmetrySymbols)
            where oracle.first(where: { $0.letter == letter })?.siteSymmetry != symbol {
                wrong.append("\(fixture.path) \(letter) \(symbol)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(Set(wrong).sorted().prefix(20).joined(separator: "\n"))")
    }

    @Test func shearedCellsKeepTheirGroup() throws {
        var random = RandomStream(seed: 3)
        var right = 0
        var count = 0
        for (structure, number) in Prototypes.all {
            for _ in 0..<80 {
                count += 1
                let sheared = structure.onBasis(Prototypes.shear(&random))
                if try SymmetryFinder.find(in: sheared, tolerance: 1e-4).spaceGroup.number == number {
                    right += 1
                }
            }
        }
        #expect(count == 400)
        #expect(right == count, "\(right) of \(count)")
    }

    @Test func groupOrbitsAndEnforcingDoNotDependOnTheDescription() throws {
        var random = RandomStream(seed: 4)
        for (structure, number) in Prototypes.all {
            let plain = try SymmetryFinder.find(in: structure, tolerance: 1e-4)
            for _ in 0..<10 {
                var other = structure
                let shift = SIMD3(random.uniform(), random.uniform(), random.uniform())
                let turn = Prototypes.rotation(&random)
                other.lattice = Lattice(vectors: structure.lattice.vectors * turn)
                var order = Array(structure.sites.indices)
                order.shuffle(using: &random)
                other.sites = order.map { index in
                    var site = structure.sites[index]
                    site.position = (site.position + shift).wrapped
                    return site
                }
                other = other.onBasis(Prototypes.shear(&random, largest: 3))
                let found = try SymmetryFinder.find(in: other, tolerance: 1e-4)
                #expect(found.spaceGroup.number == number)
                #expect(found.maxDisplacement < 1e-6)
                for a in order.indices {
                    for b in order.indices {
                        let together = plain.orbits[order[a]] == plain.orbits[order[b]]
                        #expect((found.orbits[a] == found.orbits[b]) == together)
                    }
                }
                let kept = try SymmetryFinder.standardize(other, found, cell: .keep).structure
                #expect((kept.lattice.vectors - other.lattice.vectors).frobeniusNorm < 1e-4)
                for (a, b) in zip(kept.sites, other.sites) {
                    #expect(other.lattice.length(a.position - b.position) < 1e-5)
                }
            }
        }
    }

    @Test func supercellsHaveTheGroupOfTheirCrystal() throws {
        let multiples = [
            IntegerMatrix3(rows: SIMD3(2, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)),
            IntegerMatrix3(rows: SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 0, 3)),
            IntegerMatrix3(rows: SIMD3(1, 1, 0), SIMD3(-1, 1, 0), SIMD3(0, 0, 2)),
        ]
        for (structure, number) in Prototypes.all {
            for multiple in multiples {
                let large = structure.supercell(multiple)
                let found = try SymmetryFinder.find(in: large, tolerance: 1e-4)
                #expect(found.spaceGroup.number == number)
                let plain = try SymmetryFinder.find(in: structure, tolerance: 1e-4)
                #expect(Set(found.orbits).count == Set(plain.orbits).count)
                // Noise in every copy; enforcing removes it in the large cell too.
                var shaken = large
                for index in shaken.sites.indices {
                    let move =
                        SIMD3(sin(Double(7 * index)), cos(Double(3 * index)), sin(Double(index))) * 0.004
                    shaken.sites[index].position += shaken.lattice.fractional(move)
                }
                let loose = try SymmetryFinder.find(in: shaken, tolerance: 0.05)
                #expect(loose.spaceGroup.number == number)
                #expect(loose.maxDisplacement < 0.02)
                let kept = try SymmetryFinder.standardize(shaken, loose, cell: .keep)
                let again = try SymmetryFinder.find(in: kept.structure, tolerance: 1e-5)
                #expect(again.spaceGroup.number == number)
                #expect(again.maxDisplacement < 1e-9)
            }
        }
    }

    @Test func operationsInTheInputsCellMapTheStructureOnItself() throws {
        var random = RandomStream(seed: 5)
        for (structure, _) in Prototypes.all {
            let sheared = structure.onBasis(Prototypes.shear(&random, largest: 3))
            let found = try SymmetryFinder.find(in: sheared, tolerance: 1e-4)
            let operations = found.operationsInInput
            #expect(
                operations.count * found.spaceGroup.centring.vectors.count == found.spaceGroup.order
                    * found.copies)
            for operation in operations {
                for site in sheared.sites {
                    let image = operation.apply(to: site.position)
                    #expect(
                        sheared.sites.contains {
                            $0.occupants == site.occupants
                                && ($0.position - image).nearestImage.length < 1e-4
                        })
                }
            }
        }
    }

    @Test func everySettingOfAGroupCanBeAskedFor() throws {
        for (structure, number) in Prototypes.all {
            let found = try SymmetryFinder.find(in: structure, tolerance: 1e-4)
            for hallNumber in 1...530 where SpaceGroup(hallNumber: hallNumber)?.number == number {
                let result = try SymmetryFinder.standardize(
                    structure, found, cell: .setting(hallNumber: hallNumber))
                #expect(result.setting?.hallNumber == hallNumber)
                let again = try SymmetryFinder.find(
                    in: result.structure, tolerance: 1e-5, hallNumber: hallNumber)
                #expect(again.settingOfInput?.hallNumber == hallNumber)
                #expect(again.maxDisplacement < 1e-8)
            }
        }
    }

    @Test func sharedAndPartlyFilledSitesAreKindsOfTheirOwn() throws {
        guard let iron = Element(symbol: "Fe"), let cobalt = Element(symbol: "Co") else { return }
        let cubic = Lattice(a: 3, b: 3, c: 3, alpha: 90, beta: 90, gamma: 90)
        func cell(_ second: [Occupant]) -> CrystalStructure {
            CrystalStructure(
                lattice: cubic,
                sites: [
                    Site(iron, at: .zero), Site(occupants: second, position: SIMD3(repeating: 0.5)),
                ])
        }
        func number(_ second: [Occupant]) throws -> Int {
            try SymmetryFinder.find(in: cell(second), tolerance: 1e-4).spaceGroup.number
        }
        #expect(try number([Occupant(Species(iron))]) == 229)
        #expect(try number([Occupant(Species(iron), occupancy: 0.9)]) == 221)
        #expect(
            try number([Occupant(Species(iron), occupancy: 0.5), Occupant(Species(cobalt), occupancy: 0.5)])
                == 221)
    }

    @Test func impossibleInputIsRefusedWithItsReason() throws {
        let silicon = Prototypes.diamond
        func refusal(_ change: (inout CrystalStructure) -> Void, tolerance: Double = 0.01) -> String {
            var structure = silicon
            change(&structure)
            do throws(SymmetryFinderError) {
                _ = try SymmetryFinder.find(in: structure, tolerance: tolerance)
                return ""
            } catch {
                return error.description
            }
        }
        #expect(refusal { $0.sites = [] }.contains("no atoms"))
        #expect(refusal { $0.sites.append($0.sites[2]) }.contains("atoms 3 and 9"))
        #expect(refusal { $0.sites[1].position.y = .nan }.contains("atom 2"))
        #expect(refusal { $0.lattice.vectors[2] = $0.lattice.vectors[1] }.contains("no volume"))
        #expect(refusal { $0.lattice.vectors[0].x = .infinity }.contains("no number"))
        #expect(refusal({ _ in }, tolerance: 3).contains("lower the tolerance"))
        #expect(refusal({ _ in }, tolerance: 0).contains("positive"))
    }
}
