import Crystallography
import Matching
import NumericalMethods
import Symmetry
import Testing

@Suite struct EquivalentDescriptionTests {
    /// Pnma, one representative on 4c and one on 8d, expanded by hand.
    static let pnma: CrystalStructure = {
        var atoms: [(String, Double, Double, Double)] = []
        func image(_ name: String, _ x: Double, _ y: Double, _ z: Double) {
            for (a, b, c) in [
                (x, y, z), (0.5 - x, -y, 0.5 + z), (-x, 0.5 + y, -z), (0.5 + x, 0.5 - y, 0.5 - z),
            ] {
                atoms.append((name, a, b, c))
            }
        }
        image("Pb", 0.188, 0.25, 0.167)
        image("S", 0.063, 0.25, 0.686)
        image("O", 0.081, 0.026, 0.808)
        image("O", -0.081, -0.026, -0.808)
        return .make(Lattice(a: 8.482, b: 5.398, c: 6.959, alpha: 90, beta: 90, gamma: 90), atoms)
    }()

    static let halfShifts = (0..<8).map { n in
        SymmetryOperation(rotation: .identity, translation: SIMD3(n & 1, n >> 1 & 1, n >> 2 & 1) &* 12)
    }

    @Test func originsInversionAndOrderAreSeenThrough() throws {
        var stream = RandomStream(seed: 5)
        let inverse = IntegerMatrix3(rows: SIMD3(-1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, -1))
        for shift in Self.halfShifts {
            let operation = SymmetryOperation(rotation: inverse, translation: shift.translation)
            var moved = Self.pnma
            moved.sites = moved.sites.map { site in
                var copy = site
                copy.position = operation.apply(to: site.position)
                return copy
            }
            moved.sites.shuffle(using: &stream)
            for operations in [nil, Self.halfShifts] {
                let found = try #require(
                    EquivalentDescription.closest(moved, to: Self.pnma, allowing: operations))
                #expect(found.maximumDisplacement < 1e-9)
                for (i, j) in found.partners.enumerated() {
                    let x = found.operation.apply(to: moved.sites[i].position) + found.shift
                    #expect(Self.pnma.lattice.length((x - Self.pnma.sites[j].position).nearestImage) < 1e-9)
                }
            }
        }
    }

    @Test func displacementsAreThoseOfEachSite() throws {
        var moved = Self.pnma
        // Along the mirror plane for Pb, with the signs of its four images: symmetry is kept.
        for (i, sign) in [1.0, -1, -1, 1].enumerated() { moved.sites[i].position.x += sign * 0.01 }
        for i in moved.sites.indices { moved.sites[i].position.y += 0.5 }
        let found = try #require(
            EquivalentDescription.closest(moved, to: Self.pnma, allowing: Self.halfShifts))
        for i in 0..<4 { #expect(abs(found.displacements[i] - 0.08482) < 1e-9) }
        for i in 4..<16 { #expect(found.displacements[i] < 1e-9) }
    }

    @Test func aPolarOriginIsFree() throws {
        let wurtzite = CrystalStructure.make(
            Lattice(a: 3.25, b: 3.25, c: 5.2, alpha: 90, beta: 90, gamma: 120),
            [
                ("Zn", 1.0 / 3, 2.0 / 3, 0), ("Zn", 2.0 / 3, 1.0 / 3, 0.5), ("O", 1.0 / 3, 2.0 / 3, 0.382),
                ("O", 2.0 / 3, 1.0 / 3, 0.882),
            ])
        var moved = wurtzite
        for i in moved.sites.indices { moved.sites[i].position.z += 0.217 }
        let fixed = try #require(EquivalentDescription.closest(moved, to: wurtzite, allowing: [.identity]))
        #expect(fixed.rmsDisplacement > 0.1)
        let free = try #require(
            EquivalentDescription.closest(
                moved, to: wurtzite, allowing: [.identity], polarDirections: [SIMD3(0, 0, 1)]))
        #expect(free.rmsDisplacement < 1e-9)
    }

    @Test func axesMayBeExchanged() throws {
        // The same monoclinic crystal with a′ = a + c: another of the cells of one setting.
        let cell = Lattice(a: 5.1, b: 6.2, c: 7.3, alpha: 90, beta: 105, gamma: 90)
        let atoms = [("Na", 0.11, 0.23, 0.37), ("Cl", 0.52, 0.71, 0.13), ("O", 0.81, 0.42, 0.66)]
        let reference = CrystalStructure.make(cell, atoms)
        let change = IntegerMatrix3(rows: SIMD3(1, 0, 1), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
        let inverse = try #require(change.inverse).transpose
        var other = reference
        other.lattice = Lattice(vectors: Matrix3(change) * cell.vectors)
        for i in other.sites.indices { other.sites[i].position = inverse * other.sites[i].position }
        let operation = SymmetryOperation(rotation: try #require(inverse.inverse))
        let found = try #require(
            ExactRecovery(of: other, reference: reference, allowing: [.identity, operation]))
        #expect(found.isExact)
        #expect(found.lengthDeviation < 1e-12)
        #expect(found.rmsDisplacement < 1e-9)
    }
}

@Suite struct ExactRecoveryTests {
    static let reference = EquivalentDescriptionTests.pnma

    @Test func toleranceOnCellAndAtomsIsKept() throws {
        func recovery(strain: Double, shift: Double) throws -> ExactRecovery {
            var s = Self.reference
            s.lattice = Lattice(
                a: 8.482 * (1 + strain), b: 5.398, c: 6.959, alpha: 90, beta: 90, gamma: 90)
            for (i, sign) in [1.0, -1, -1, 1].enumerated() { s.sites[i].position.x += sign * shift / 8.482 }
            return try #require(
                ExactRecovery(
                    of: s, reference: Self.reference, allowing: EquivalentDescriptionTests.halfShifts))
        }
        #expect(try recovery(strain: 0.0009, shift: 0.015).isExact)
        #expect(try !recovery(strain: 0.0011, shift: 0).isExact)
        // Four of sixteen atoms by 0.021 Å: an rms of 0.0105 Å.
        #expect(try !recovery(strain: 0, shift: 0.021).isExact)
    }
}

@Suite struct StructuralDistanceTests {
    @Test func pureStrainIsItsLogarithm() throws {
        let cube = Lattice(vectors: Matrix3(diagonal: SIMD3(repeating: 4)))
        let stretched = Lattice(vectors: Matrix3(diagonal: SIMD3(4 * 1.1, 4, 4 / 1.1)))
        let expected = 2.0.squareRoot() * 0.09531017980432493
        #expect(abs(StructuralDistance.strain(from: cube, to: stretched) - expected) < 1e-12)
        // A rotation of the vectors is no strain.
        let turned = Matrix3(rows: SIMD3(0.6, 0.8, 0), SIMD3(-0.8, 0.6, 0), SIMD3(0, 0, 1))
        let rotated = Lattice(vectors: stretched.vectors * turned)
        #expect(abs(StructuralDistance.strain(from: cube, to: rotated) - expected) < 1e-12)
    }

    @Test func distanceIsZeroOnlyForTheSameCrystalAndGrowsWithDisplacement() throws {
        let reference = EquivalentDescriptionTests.pnma
        var last = -1.0
        for step in [0, 0.01, 0.02, 0.04] {
            var s = reference
            for (i, sign) in [1.0, -1, -1, 1].enumerated() { s.sites[i].position.x += sign * step }
            let distance = try #require(StructuralDistance.between(s, reference)).value
            #expect(distance > last)
            last = distance
            if step == 0 { #expect(distance < 1e-9) }
        }
    }
}
