import Crystallography
import Diffraction
import Energies
import Landscape
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Energies along axes")
struct EnergyLandscapeTests {
    /// A crystal that wants the volume V₀ and has no answer below a volume.
    ///
    /// E = (V − V₀)²/V₀ for each cell, in eV.
    struct Spring: InteratomicPotential {
        let name = "spring"
        var volume = 60.0
        var leastVolume = 0.0

        func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
            let v = structure.lattice.volume
            guard v > leastVolume else { throw EnergyError.overlap(atoms: 0, 1, distance: 0) }
            let pressure = 2 * (v - volume) / volume * EnergyEvaluation.gigapascal
            return EnergyEvaluation(
                energy: (v - volume) * (v - volume) / volume,
                forces: [SIMD3<Double>](repeating: .zero, count: structure.sites.count),
                stress: pressure * .identity)
        }
    }

    /// Cubic, one atom a cell.
    static func simple(_ a: Double) throws -> ReducedStructure {
        let iron = try #require(Element(symbol: "Fe"))
        let structure = CrystalStructure(
            title: "simple", lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
            sites: [Site(iron, at: .zero, label: "Fe1")])
        let found = try SymmetryFinder.find(in: structure, tolerance: 1e-3)
        return try ReducedStructure(reducing: structure, in: found.spaceGroup)
    }

    @Test(
        "the one minimum is where the potential has it, its curvature the potential's, and it need not be the truth"
    )
    func minimum() throws {
        let structure = try Self.simple(4)
        let scan = try AxisScan.scan(
            LandscapeObjective(energy: Spring()), along: LandscapeAxis(structure, along: "a"))
        #expect(scan.minima.count == 1 && scan.maxima.isEmpty)
        let place = try #require(scan.minima.first)
        let expected = 60.0.cubeRoot
        #expect(abs(place.position - expected) < 1e-6)
        // E″ at V₀ is 2 (dV/da)²/V₀ = 18 a⁴/V₀.
        #expect(abs(place.curvature - 18 * expected * expected * expected * expected / 60) < 1e-2)
        let atTruth = (64.0 - 60) * (64 - 60) / 60
        #expect(abs(place.value + atTruth) < 1e-9)
        #expect(scan.certificate.name == "heuristic" && scan.axis.ends.lower == .range)
    }

    @Test("the axis ends where the potential has no answer, and where atoms collide")
    func ends() throws {
        let structure = try Self.simple(4)
        let deaf = try AxisScan.scan(
            LandscapeObjective(energy: Spring(leastVolume: 50)), along: LandscapeAxis(structure, along: "a"))
        #expect(abs(deaf.axis.domain.lowerBound - 50.0.cubeRoot) < 1e-6)
        #expect(deaf.axis.ends.lower == .collision && deaf.axis.ends.upper == .range)
        #expect(deaf.samples.allSatisfy { $0.value.isFinite })
        // Half of twice iron's covalent radius between an atom and its image.
        let radius = try #require(Element(symbol: "Fe")?.covalentRadius)
        let axis = try LandscapeAxis(structure, along: "a", range: 0.5...5)
        let near = try AxisScan.scan(LandscapeObjective(energy: Spring()), along: axis)
        #expect(abs(near.axis.domain.lowerBound - radius) < 1e-6)
        #expect(near.axis.ends.lower == .collision)
    }

    @Test("pattern and energy together: the sum of the two, with its gradient")
    func sum() throws {
        let structure = try Self.simple(4)
        let pattern = LandscapeFixture.objective(structure)
        let both = LandscapeObjective(energy: Spring(), weight: 0.3, pattern: pattern.pattern)
        let evaluators = try [pattern, LandscapeObjective(energy: Spring()), both].map {
            try $0.evaluator(structure, free: ["a"])
        }
        for a in [3.7, 4, 4.21] {
            let values = evaluators.map { $0.evaluate([a]) }
            #expect(abs(values[0].value + 0.3 * values[1].value - values[2].value) < 1e-12)
            let slope = values[0].gradient[0] + 0.3 * values[1].gradient[0]
            #expect(abs(slope - values[2].gradient[0]) < 1e-9 * max(1, abs(slope)))
        }
    }
}

extension Double {
    /// By Newton's method.
    fileprivate var cubeRoot: Double {
        var x = self / 3
        for _ in 0..<60 { x -= (x * x * x - self) / (3 * x * x) }
        return x
    }
}
