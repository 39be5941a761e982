import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Random crystals in cells that are in no table.
@Suite struct CellReductionTests {
    static let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil
    static let crystals = everything ? 2000 : 90

    /// A unimodular shear.
    static func shear(_ random: inout RandomStream) -> IntegerMatrix3 {
        func entry() -> Int { random.index(below: 7) - 3 }
        let upper = IntegerMatrix3(rows: SIMD3(1, entry(), entry()), SIMD3(0, 1, entry()), SIMD3(0, 0, 1))
        let lower = IntegerMatrix3(
            rows: SIMD3(1, 0, 0), SIMD3(random.index(below: 3) - 1, 1, 0),
            SIMD3(random.index(below: 3) - 1, random.index(below: 3) - 1, 1))
        return lower * upper
    }

    static let multiples = [
        IntegerMatrix3(rows: SIMD3(2, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)),
        IntegerMatrix3(rows: SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 0, 3)),
        IntegerMatrix3(rows: SIMD3(1, 1, 0), SIMD3(-1, 1, 0), SIMD3(0, 0, 1)),
    ]

    static func rotation(_ random: inout RandomStream) -> Matrix3 {
        let a = SIMD3(random.normal(), random.normal(), random.normal())
        let x = a / a.length
        let b = SIMD3(random.normal(), random.normal(), random.normal())
        let z = x.cross(b) / x.cross(b).length
        return Matrix3(rows: x, z.cross(x), z)
    }

    /// How the crystal of a setting is given: columns of `matrix` are the cell's vectors.
    struct Description {
        let cell: UnconventionalCell
        let structure: CrystalStructure
    }

    /// The same crystal in another cell about another origin, turned, its atoms shuffled and labelled.
    static func describe(
        _ reduced: ReducedStructure, vectors: Matrix3, _ random: inout RandomStream
    ) -> Description {
        let cell = UnconventionalCell(
            matrix: vectors.transpose,
            originShift: SIMD3(random.uniform(), random.uniform(), random.uniform()),
            orientation: rotation(&random))
        let crystal = reduced.expanded()
        let lattice = cell.lattice(of: crystal.lattice)
        // Setting cells that the cell meets.
        let corners = (0..<8).map { corner -> SIMD3<Double> in
            let (i, j, k) = (corner & 1, (corner >> 1) & 1, corner >> 2)
            return cell.toSetting(SIMD3<Double>(SIMD3(i, j, k)))
        }
        let box = (0..<3).map { axis -> ClosedRange<Int> in
            let values = corners.map { $0[axis] }
            return Int((values.min() ?? 0).rounded(.down)) - 1...Int((values.max() ?? 0).rounded(.up))
        }
        var sites: [Site] = []
        for site in crystal.sites {
            var copies: [Site] = []
            for i in box[0] {
                for j in box[1] {
                    for k in box[2] {
                        let image = cell.fromSetting(
                            site.position.wrapped + SIMD3(Double(i), Double(j), Double(k)))
                        guard image.min() > -1e-6, image.max() < 1 + 1e-6 else { continue }
                        let position = image.wrapped
                        let isKnown = { (other: Site) -> Bool in
                            other.occupants == site.occupants
                                && (other.position - position).nearestImage.length < 1e-7
                        }
                        if copies.contains(where: isKnown) || sites.contains(where: isKnown) { continue }
                        var copy = site
                        copy.position = position
                        if case .anisotropic(let u) = site.displacement {
                            let turned = SiteParametersTests.cartesian(u, crystal.lattice)
                            let axes = SiteParametersTests.displacementAxes(lattice).inverse
                            let t = cell.orientation
                            copy.displacement = .anisotropic(
                                u: axes * t.transpose * turned * t * axes.transpose)
                        }
                        copies.append(copy)
                    }
                }
            }
            sites += copies
        }
        sites.shuffle(using: &random)
        for index in sites.indices { sites[index].label = "atom\(index)" }
        return Description(
            cell: cell, structure: CrystalStructure(title: "x", lattice: lattice, sites: sites))
    }

    /// A cell of each kind by turns: primitive, sheared, super.
    static func vectors(_ reduced: ReducedStructure, _ kind: Int, _ random: inout RandomStream) -> Matrix3 {
        switch kind % 3 {
        case 0: reduced.spaceGroup.centring.primitiveBasis.transpose
        case 1: Matrix3(shear(&random))
        default: Matrix3(multiples[random.index(below: 3)])
        }
    }

    static func difference(_ a: CrystalStructure, _ b: CrystalStructure) -> Double {
        guard a.sites.count == b.sites.count else { return .infinity }
        let positions = zip(a.sites, b.sites).map { ($0.position - $1.position).nearestImage.length }
        let vectors = (a.lattice.vectors - b.lattice.vectors).frobeniusNorm / a.lattice.vectors.frobeniusNorm
        return max(positions.max() ?? 0, vectors)
    }

    @Test("reduce ∘ expand = identity to 1e-12 in primitive, sheared and supercells; order and labels stay")
    func identityInAnyCell() throws {
        var count = 0
        for seed in 1...UInt64(Self.crystals) {
            var random = RandomStream(seed: seed, index: 17)
            guard let crystal = ReducedStructureTests.random(seed), crystal.atoms.count <= 96 else {
                continue
            }
            let vectors = Self.vectors(crystal, Int(seed), &random)
            let given = Self.describe(crystal, vectors: vectors, &random)
            let first = try ReducedStructure(
                reducing: given.structure, in: crystal.spaceGroup, cell: given.cell, tolerance: 1e-6)
            let once = first.expanded()
            #expect(Self.difference(given.structure, once) < 1e-9, "seed \(seed)")
            let again = try ReducedStructure(
                reducing: once, in: crystal.spaceGroup, cell: given.cell, tolerance: 1e-6)
            #expect(Self.difference(once, again.expanded()) < 1e-12, "seed \(seed)")
            #expect(once.sites.map(\.label) == given.structure.sites.map(\.label))
            #expect(once.sites.map(\.occupants) == given.structure.sites.map(\.occupants))
            #expect(again.degreesOfFreedom == crystal.degreesOfFreedom, "seed \(seed)")
            count += 1
        }
        #expect(count > Self.crystals / 2)
    }

    @Test(
        "found in any cell: as many free parameters as in the table's, and the parameters move within the group"
    )
    func foundInAnyCell() throws {
        var (count, special) = (0, 0)
        for seed in 1...UInt64(Self.crystals) {
            var random = RandomStream(seed: seed, index: 18)
            guard let crystal = ReducedStructureTests.random(seed), crystal.atoms.count <= 64,
                crystal.expanded().lattice.volume > 50,
                PeriodicGeometry(crystal.lattice).closestPair(crystal.expanded().sites.map(\.position))
                    .map({ $0.distance > 0.3 }) ?? true
            else { continue }
            let plain = try SymmetryFinder.find(in: crystal.expanded(), tolerance: 1e-4)
            // Random atoms on special positions may have more symmetry than was asked for.
            guard plain.spaceGroup.number == crystal.spaceGroup.number,
                plain.copies == crystal.spaceGroup.centring.vectors.count
            else {
                special += 1
                continue
            }
            let given = Self.describe(crystal, vectors: Self.vectors(crystal, Int(seed), &random), &random)
            let found = try SymmetryFinder.find(in: given.structure, tolerance: 1e-4)
            var reduced = try ReducedStructure(reducing: given.structure, found)
            #expect(reduced.degreesOfFreedom == crystal.degreesOfFreedom, "seed \(seed)")
            #expect(Self.difference(given.structure, reduced.expanded()) < 1e-7, "seed \(seed)")
            let kept = try SymmetryFinder.standardize(given.structure, found, cell: .keep)
            #expect(Self.difference(kept.structure, reduced.expanded()) < 1e-10, "seed \(seed)")
            // The views of the cell itself: metrics that its own operations keep, and the sites' stabilizers there.
            let own = found.operationsInInput
            if own.count * found.spaceGroup.centring.vectors.count == found.spaceGroup.order * found.copies {
                let rotations = own.map { SymmetryOperation(rotation: $0.rotation) }
                #expect(InvariantMetric.basis(of: rotations).count == reduced.latticeParameters.names.count)
                for (atom, image) in reduced.atoms.enumerated() {
                    let site = SiteSymmetry(
                        of: kept.structure.sites[atom].position, inAffine: own,
                        lattice: kept.structure.lattice, tolerance: 1e-3)
                    #expect(site.degreesOfFreedom == reduced.orbits[image.orbit].coordinates.count)
                }
            }
            // Anything the parameters can say has the group still.
            reduced = Shake(amplitude: 0.02, lattice: 0.01).applied(to: reduced, seed: seed)
            let moved = try SymmetryFinder.find(in: reduced.expanded(), tolerance: 1e-5)
            #expect(moved.spaceGroup.order >= found.spaceGroup.order, "seed \(seed)")
            #expect(moved.maxDisplacement < 1e-8)
            count += 1
        }
        #expect(count > Self.crystals / 8, "\(count), \(special)")
    }

    @Test("derivatives of positions and metric in the cell agree with central differences")
    func derivatives() throws {
        for seed in UInt64(1)...30 {
            var random = RandomStream(seed: seed, index: 19)
            guard let crystal = ReducedStructureTests.random(seed), crystal.atoms.count <= 48 else {
                continue
            }
            let given = Self.describe(crystal, vectors: Self.vectors(crystal, Int(seed), &random), &random)
            let reduced = try ReducedStructure(
                reducing: given.structure, in: crystal.spaceGroup, cell: given.cell, tolerance: 1e-6)
            let metrics = reduced.metricDerivatives
            let positions = reduced.positionDerivatives
            let h = 1e-5
            for k in reduced.parameterVector.indices {
                var (up, down) = (reduced, reduced)
                up.parameterVector[k] += h
                down.parameterVector[k] -= h
                if k < metrics.count {
                    let difference =
                        (0.5 / h) * (up.expanded().lattice.metric - down.expanded().lattice.metric)
                    #expect((difference - metrics[k]).frobeniusNorm < 1e-6 * max(1, metrics[k].frobeniusNorm))
                } else {
                    for (atom, derivative) in positions[k - metrics.count].enumerated() {
                        let difference =
                            (up.expanded().sites[atom].position - down.expanded().sites[atom].position)
                            / (2 * h)
                        #expect((difference - derivative).length < 1e-8 * max(1, derivative.length))
                    }
                }
            }
        }
    }

    @Test("a primitive face-centred cell has one free parameter, the cubic edge")
    func primitiveSilicon() throws {
        let silicon = try #require(Element(symbol: "Si"))
        let a = 5.431
        let structure = CrystalStructure(
            lattice: Lattice(
                vectors: Matrix3(
                    rows: SIMD3(0, a / 2, a / 2), SIMD3(a / 2, 0, a / 2), SIMD3(a / 2, a / 2, 0))),
            sites: [Site(silicon, at: .zero), Site(silicon, at: SIMD3(repeating: 0.25))])
        let found = try SymmetryFinder.find(in: structure, tolerance: 1e-3)
        let reduced = try ReducedStructure(reducing: structure, found)
        #expect(reduced.parameters.map(\.name) == ["a"])
        #expect(abs(reduced.parameters[0].value - a) < 1e-12)
        #expect(Self.difference(structure, reduced.expanded()) < 1e-12)
    }

    @Test("an incomplete orbit in a supercell is refused with its label")
    func vacancy() throws {
        let crystal = try #require(ReducedStructureTests.random(4))
        var random = RandomStream(seed: 4, index: 20)
        let given = Self.describe(crystal, vectors: Matrix3(Self.multiples[0]), &random)
        var holed = given.structure
        holed.sites.removeLast()
        #expect(throws: ReductionError.self) {
            _ = try ReducedStructure(
                reducing: holed, in: crystal.spaceGroup, cell: given.cell, tolerance: 1e-6)
        }
    }

    @Test("on the first triplet: the same crystal, formulas of the table, coordinates in [0, 1)")
    func firstTriplets() throws {
        for seed in 1...UInt64(Self.crystals) {
            guard let crystal = ReducedStructureTests.random(seed) else { continue }
            let cell = crystal.expanded()
            let reduced = try ReducedStructure(
                reducing: cell, in: crystal.spaceGroup, tolerance: 1e-6, representative: .firstTriplet)
            #expect(Self.difference(cell, reduced.expanded()) < 1e-11, "seed \(seed)")
            #expect(reduced.degreesOfFreedom == crystal.degreesOfFreedom)
            for orbit in reduced.orbits {
                let position = try #require(crystal.spaceGroup.wyckoffPosition(letter: orbit.letter))
                #expect(orbit.siteSymmetry.formula == position.formula, "seed \(seed)")
                #expect(orbit.images.first == .identity)
                #expect(orbit.coordinates.allSatisfy { $0 > -1e-9 && $0 < 1 })
            }
        }
    }
}
