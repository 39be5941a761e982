import Crystallography
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// `DisplacementAveraging`: enforcing a group gives displacements that obey it, as it gives positions that do.
@Suite struct DisplacementAveragingTests {
    /// Rutile, by all of its atoms.
    private static func rutile(_ displacement: (Int) -> Displacement?) throws -> CrystalStructure {
        let (titanium, oxygen) = (
            try #require(Element(symbol: "Ti")), try #require(Element(symbol: "O"))
        )
        let x = 0.305
        let places: [(Element, SIMD3<Double>)] = [
            (titanium, SIMD3(0, 0, 0)), (titanium, SIMD3(0.5, 0.5, 0.5)),
            (oxygen, SIMD3(x, x, 0)), (oxygen, SIMD3(1 - x, 1 - x, 0)),
            (oxygen, SIMD3(0.5 - x, 0.5 + x, 0.5)), (oxygen, SIMD3(0.5 + x, 0.5 - x, 0.5)),
        ]
        var sites = places.map { Site($0.0, at: $0.1) }
        for index in sites.indices { sites[index].displacement = displacement(index) }
        let lattice = Lattice(a: 4.594, b: 4.594, c: 2.959, alpha: 90, beta: 90, gamma: 90)
        return CrystalStructure(lattice: lattice, sites: sites)
    }

    private static func enforced(_ structure: CrystalStructure) throws -> CrystalStructure {
        let found = try SymmetryFinder.find(in: structure, tolerance: 1e-3)
        #expect(found.spaceGroup.number == 136)
        return try SymmetryFinder.standardize(structure, found, cell: .keep).structure
    }

    private static func tensor(_ site: Site) throws -> Matrix3 {
        guard case .anisotropic(let u) = try #require(site.displacement) else {
            return try #require(nil as Matrix3?, "isotropic")
        }
        return u
    }

    private static func random(_ random: inout RandomStream) -> Displacement {
        let (a, b, c) = (
            random.uniform(0.005, 0.02), random.uniform(0.005, 0.02), random.uniform(0.005, 0.02)
        )
        let (d, e, f) = (
            random.uniform(-0.004, 0.004), random.uniform(-0.004, 0.004), random.uniform(-0.004, 0.004)
        )
        return .anisotropic(u: Matrix3(rows: SIMD3(a, d, e), SIMD3(d, b, f), SIMD3(e, f, c)))
    }

    @Test(
        "tensors that break the group become those that a reduced structure has, and enforcing them again changes nothing",
        arguments: 1...5)
    func tensors(seed: Int) throws {
        var stream = RandomStream(seed: UInt64(seed))
        let once = try Self.enforced(try Self.rutile { _ in Self.random(&stream) })
        let group = try SymmetryFinder.find(in: once, tolerance: 1e-3).spaceGroup
        let reduced = try ReducedStructure(reducing: once, in: group).expanded()
        let twice = try Self.enforced(once)
        for index in once.sites.indices {
            let u = try Self.tensor(once.sites[index])
            #expect((u - (try Self.tensor(reduced.sites[index]))).frobeniusNorm < 1e-12)
            #expect((u - (try Self.tensor(twice.sites[index]))).frobeniusNorm < 1e-12)
            // m.mm at every atom: the plane z is a mirror, and x and y change places.
            #expect(abs(u[0, 0] - u[1, 1]) < 1e-12 && abs(u[0, 2]) < 1e-12 && abs(u[1, 2]) < 1e-12)
        }
        let traces = try once.sites.map { try Self.tensor($0).trace }
        #expect(abs(traces[2] - traces[5]) < 1e-12)
    }

    @Test("isotropic ones become the mean of their orbit; atoms that state none take part with none")
    func isotropic() throws {
        let b: [Double?] = [0.3, 0.5, 1, nil, 0.4, nil]
        let structure = try Self.enforced(try Self.rutile { b[$0].map { .isotropic(b: $0) } })
        for (site, expected) in zip(structure.sites, [0.4, 0.4, 0.7, 0.7, 0.7, 0.7]) {
            guard case .isotropic(let value) = try #require(site.displacement) else {
                Issue.record("\(site.name) is not isotropic")
                continue
            }
            #expect(abs(value - expected) < 1e-12)
        }
        let none = try Self.enforced(try Self.rutile { _ in nil })
        #expect(none.sites.allSatisfy { $0.displacement == nil })
    }
}
