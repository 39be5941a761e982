import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

/// Reaches `TranslationSearch`.
@Suite("Symmetry of large cells")
struct LargeCellTests {
    /// Fe where a list of fractional coordinates says, and other elements.
    private static func crystal(
        _ lattice: Lattice, _ atoms: [(String, Double, Double, Double)]
    ) -> CrystalStructure {
        CrystalStructure(
            lattice: lattice,
            sites: atoms.compactMap { atom in
                Element(symbol: atom.0).map { Site($0, at: SIMD3(atom.1, atom.2, atom.3)) }
            })
    }

    private static func cubic(_ a: Double) -> Lattice {
        Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90)
    }

    private static let copper = crystal(
        cubic(3.615), [("Cu", 0, 0, 0), ("Cu", 0, 0.5, 0.5), ("Cu", 0.5, 0, 0.5), ("Cu", 0.5, 0.5, 0)])

    private static let perovskite = crystal(
        cubic(3.905),
        [
            ("Sr", 0, 0, 0), ("Ti", 0.5, 0.5, 0.5), ("O", 0.5, 0.5, 0), ("O", 0.5, 0, 0.5),
            ("O", 0, 0.5, 0.5),
        ])

    /// Pca2₁ and everything general: no translation but the cell's own.
    private static let polar = crystal(
        Lattice(a: 9.1, b: 5.3, c: 6.7, alpha: 90, beta: 90, gamma: 90),
        polarOrbit("Si", 0.11, 0.23, 0.1) + polarOrbit("O", 0.31, 0.07, 0.35))

    private static func polarOrbit(_ name: String, _ x: Double, _ y: Double, _ z: Double)
        -> [(String, Double, Double, Double)]
    {
        [
            (name, x, y, z), (name, -x, -y, z + 0.5), (name, x + 0.5, -y, z), (name, 0.5 - x, y, z + 0.5),
        ]
    }

    /// The crystal in a cell whose vectors are the rows of an integer matrix on the old ones.
    private static func supercell(_ s: CrystalStructure, _ rows: IntegerMatrix3) -> CrystalStructure {
        let change = Matrix3(rows).inverse.transpose
        var seen: Set<SIMD3<Int>> = []
        var shifts: [SIMD3<Double>] = []
        let determinant = rows.determinant
        let reach = (0..<3).reduce(0) { $0 + abs(rows[$1, 0]) + abs(rows[$1, 1]) + abs(rows[$1, 2]) }
        search: for i in 0..<reach {
            for j in 0..<reach {
                for k in 0..<reach {
                    let shift = change * SIMD3(Double(i), Double(j), Double(k))
                    let key =
                        SIMD3<Int>((shift * Double(determinant)).rounded(.toNearestOrEven))
                        % SIMD3(repeating: determinant)
                    let positive = key.replacing(with: key &+ determinant, where: key .< 0)
                    if seen.insert(positive).inserted { shifts.append(shift) }
                    if shifts.count == determinant { break search }
                }
            }
        }
        let sites = s.sites.flatMap { site in
            shifts.map { shift in
                var copy = site
                copy.position = (change * site.position + shift).wrapped
                return copy
            }
        }
        return CrystalStructure(
            lattice: Lattice(vectors: Matrix3(rows) * s.lattice.vectors), sites: sites)
    }

    private static func cube(_ n: Int) -> IntegerMatrix3 {
        IntegerMatrix3(rows: SIMD3(n, 0, 0), SIMD3(0, n, 0), SIMD3(0, 0, n))
    }

    private static func rattled(
        _ s: CrystalStructure, by width: Double, seed: UInt64 = 3
    ) -> CrystalStructure {
        var stream = RandomStream(seed: seed)
        var result = s
        for index in s.sites.indices {
            let move = SIMD3(stream.uniform(-1, 1), stream.uniform(-1, 1), stream.uniform(-1, 1))
            result.sites[index].position += s.lattice.fractional(move * (width / 3.0.squareRoot()))
        }
        return result
    }

    @Test(
        "a supercell has the group, the letters and the orbits of its cell",
        arguments: [
            cube(3), cube(6), IntegerMatrix3(rows: SIMD3(5, 0, 0), SIMD3(0, 6, 0), SIMD3(0, 0, 1)),
            IntegerMatrix3(rows: SIMD3(4, 4, 0), SIMD3(-4, 4, 0), SIMD3(0, 0, 2)),
            IntegerMatrix3(rows: SIMD3(3, 1, 0), SIMD3(0, 4, 1), SIMD3(1, 0, 5)),
        ])
    func groupOfSupercells(rows: IntegerMatrix3) throws {
        for cell in [Self.copper, Self.perovskite, Self.polar] {
            let one = try SymmetryFinder.find(in: cell, tolerance: 0.01)
            let large = Self.supercell(cell, rows)
            #expect(large.sites.count == cell.sites.count * rows.determinant)
            for structure in [large, Self.rattled(large, by: 1e-3)] {
                let found = try SymmetryFinder.find(in: structure, tolerance: 0.01)
                #expect(found.spaceGroup.number == one.spaceGroup.number)
                #expect(found.copies == one.copies * rows.determinant)
                #expect(Set(found.orbits).count == Set(one.orbits).count)
                #expect(Set(found.translationClasses).count == structure.sites.count / found.copies)
                #expect(found.maxDisplacement < 2e-3)
                // Letters up to the origins and axes that the group treats alike.
                let multiplicities = { (symmetry: FoundSymmetry) in
                    Set(symmetry.letters).compactMap {
                        symmetry.spaceGroup.wyckoffPosition(letter: $0)?.multiplicity
                    }.sorted()
                }
                #expect(multiplicities(found) == multiplicities(one))
            }
        }
    }

    @Test(
        "operations of a supercell: cosets times translations, all different, each carries atoms onto atoms")
    func operations() throws {
        let rows = IntegerMatrix3(rows: SIMD3(3, 0, 0), SIMD3(0, 3, 0), SIMD3(0, 0, 4))
        let large = Self.supercell(Self.copper, rows)
        let found = try SymmetryFinder.find(in: large, tolerance: 0.01)
        let operations = found.operationsInInput
        // 4/mmm of m-3m is left by the cell's shape.
        #expect(operations.count == 16 * 4 * 36)
        struct Key: Hashable {
            let rotation: IntegerMatrix3
            let translation: SIMD3<Int>
        }
        // Translations are multiples of 1/24 of each edge here.
        let keys = Set(
            operations.map {
                Key(
                    rotation: $0.rotation,
                    translation: SIMD3<Int>(($0.translation * 24).rounded(.toNearestOrEven))
                        % SIMD3(repeating: 24))
            })
        #expect(keys.count == operations.count)
        let geometry = PeriodicGeometry(large.lattice)
        for operation in operations.enumerated().filter({ $0.offset % 97 == 0 }).map(\.element) {
            let image = Matrix3(operation.rotation) * large.sites[5].position + operation.translation
            #expect(large.sites.contains { geometry.distance($0.position, image) < 1e-6 })
        }
    }

    @Test("a vacancy leaves no translation, and the point group about it")
    func vacancy() throws {
        var large = Self.supercell(Self.copper, Self.cube(3))
        large.sites.remove(at: 40)
        let found = try SymmetryFinder.find(in: large, tolerance: 0.01)
        #expect(found.spaceGroup.number == 221)
        #expect(found.copies == 1)
    }

    @Test("kinds told apart by their surroundings are never those that symmetry exchanges")
    func surroundings() throws {
        var crystals = Prototypes.all.map(\.0) + [Self.copper, Self.perovskite, Self.polar]
        var vacancy = Self.supercell(Self.copper, Self.cube(3))
        vacancy.sites.remove(at: 40)
        crystals.append(vacancy)
        for (number, ideal) in crystals.enumerated() {
            for (width, tolerance) in [(0, 1e-3), (2e-3, 0.01), (0.03, 0.1)] {
                let crystal = Self.rattled(ideal, by: width, seed: UInt64(number))
                guard let found = try? SymmetryFinder.find(in: crystal, tolerance: tolerance) else {
                    continue
                }
                let elements = crystal.sites.map { $0.element?.atomicNumber ?? 0 }
                let order = Array(Set(elements)).sorted()
                let told = Surroundings(
                    of: crystal.sites.map(\.position), kinds: elements.map { order.firstIndex(of: $0) ?? 0 },
                    lattice: crystal.lattice, tolerance: tolerance)
                var kindOfOrbit: [Int: Int] = [:]
                for (orbit, kind) in zip(found.orbits, told.kinds) {
                    #expect(kindOfOrbit[orbit] ?? kind == kind)
                    kindOfOrbit[orbit] = kind
                }
            }
        }
        let told = Surroundings(
            of: vacancy.sites.map(\.position), kinds: [Int](repeating: 0, count: 107),
            lattice: vacancy.lattice,
            tolerance: 0.01)
        let counts = Dictionary(grouping: told.kinds) { $0 }.mapValues(\.count)
        #expect(counts.values.contains(12), "the twelve atoms next to the vacancy")
    }

    @Test(
        "defects in large cells leave the group that spglib finds in all atoms",
        arguments: [
            (cube(3), [0]), (cube(3), [0, 5]), (cube(4), [7, 100]),
            (IntegerMatrix3(rows: SIMD3(4, 4, 0), SIMD3(-4, 4, 0), SIMD3(0, 0, 2)), [3]),
        ])
    func defects(rows: IntegerMatrix3, missing: [Int]) throws {
        for (cell, width) in [(Self.copper, 0.0), (Self.perovskite, 0.0), (Self.copper, 2e-3)] {
            var large = Self.supercell(cell, rows)
            for atom in missing.reversed() { large.sites.remove(at: atom) }
            large = Self.rattled(large, by: width)
            let found = try SymmetryFinder.find(in: large, tolerance: 0.01)
            #expect(found.spaceGroup.number == SpglibDatabase.number(of: large, tolerance: 0.01))
        }
    }

    @Test("distortions that double a cell are seen, however large the cell")
    func superstructure() throws {
        // Every second layer along a is moved along a: half of the translations are gone.
        var large = Self.supercell(Self.perovskite, Self.cube(4))
        for index in large.sites.indices where large.sites[index].element?.symbol == "Ti" {
            let layer = Int((large.sites[index].position.x * 4).rounded(.down))
            large.sites[index].position.x += (layer % 2 == 0 ? 0.05 : -0.05) / (4 * 3.905)
        }
        let fine = try SymmetryFinder.find(in: large, tolerance: 0.01)
        #expect(fine.copies == 32)
        #expect(fine.spaceGroup.number == 123)
        let coarse = try SymmetryFinder.find(in: large, tolerance: 0.5)
        #expect(coarse.copies == 64)
        #expect(coarse.spaceGroup.number == 221)
        #expect(abs(coarse.maxDisplacement - 0.05) < 1e-6)
    }

    @Test("enforcing the group of a rattled supercell keeps its cell and its order")
    func enforced() throws {
        let ideal = Self.supercell(Self.copper, Self.cube(4))
        let rattled = Self.rattled(ideal, by: 1e-3)
        let found = try SymmetryFinder.find(in: rattled, tolerance: 0.01)
        let result = try SymmetryFinder.standardize(rattled, found, cell: .keep).structure
        let again = try SymmetryFinder.find(in: result, tolerance: 1e-5)
        #expect(again.spaceGroup.number == 225 && again.copies == 256)
        #expect(result.sites.map(\.element) == rattled.sites.map(\.element))
    }

    @Test("the closest pair through boxes is that of all pairs")
    func closestPair() throws {
        var stream = RandomStream(seed: 11)
        for round in 0..<20 {
            let lattice = Lattice(
                a: stream.uniform(4, 30), b: stream.uniform(4, 30), c: stream.uniform(4, 30),
                alpha: stream.uniform(70, 110), beta: stream.uniform(70, 110), gamma: stream.uniform(70, 110))
            let points = (0..<(150 + 10 * round)).map { _ in
                SIMD3(stream.uniform(-1, 2), stream.uniform(), stream.uniform())
            }
            let geometry = PeriodicGeometry(lattice)
            let pair = try #require(geometry.closestPair(points))
            var least = Double.infinity
            for j in points.indices {
                for i in 0..<j { least = min(least, geometry.distance(points[i], points[j])) }
            }
            #expect(abs(pair.distance - least) < 1e-12)
            #expect(abs(geometry.distance(points[pair.first], points[pair.second]) - least) < 1e-12)
        }
        // Images of one point nearer than any two points: a needle of a cell.
        let needle = Lattice(a: 1, b: 1, c: 1000, alpha: 90, beta: 90, gamma: 90)
        let chain = (0..<200).map { SIMD3(0, 0, Double($0) / 200) }
        let pair = try #require(PeriodicGeometry(needle).closestPair(chain))
        #expect(abs(pair.distance - 5) < 1e-9)
    }

    #if DEBUG
        static let isOptimized = false
    #else
        static let isOptimized = true
    #endif

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        var least = Double.infinity
        for _ in 0..<3 { least = min(least, try ContinuousClock().measure(body) / .seconds(1)) }
        return least
    }

    @Test(
        "time grows with the atoms times their logarithm: copper 4×4×4, 8×8×8, 10×10×10",
        .enabled(if: isOptimized, "a debug build is not timed"))
    func time() throws {
        var times: [Int: Double] = [:]
        for n in [4, 8, 10] {
            let large = Self.supercell(Self.copper, Self.cube(n))
            times[n] = try Self.seconds {
                let found = try SymmetryFinder.find(in: large, tolerance: 0.01)
                #expect(found.spaceGroup.number == 225 && found.settingOfInput == nil)
            }
        }
        let (small, middle, large) = (times[4] ?? 0, times[8] ?? 0, times[10] ?? 0)
        // 2,048 atoms against 256: N log N is 11; the cube of the atoms was 512, their square 64.
        #expect(middle < 33 * small, "\(small) s, \(middle) s")
        #expect(large < 5)
    }
}
