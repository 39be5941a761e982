import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// A phase's noise-free pattern, simulated.
struct SimulatedPattern {
    let structure: ReducedStructure
    let instrument: Instrument
    let pattern: PowderPattern

    init(_ structure: ReducedStructure, background: Double = 20, counts: Double = 10_000) throws {
        self.structure = structure
        instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 0.01, x: 0.04))
        let grid = stride(from: 10.0, through: 100, by: 0.02).map { $0 }
        let model = PowderModel(phases: [.init(structure)], instrument: instrument)
        let bare = try PowderCalculation(model, twoTheta: grid).calculated
        let scale = counts / (bare.max() ?? 1)
        pattern = PowderPattern(twoTheta: grid, intensity: bare.map { $0 * scale + background })
    }
}

/// Small crystals of several families, from published values.
enum Crystals {
    static func make(
        _ symbol: String, _ cell: [Double], _ sites: [(String, String, SIMD3<Double>)]
    ) throws -> ReducedStructure {
        ReducedStructure(
            spaceGroup: try SpaceGroup.find(symbol),
            lattice: Lattice(
                a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5]),
            asymmetricSites: try sites.map { label, element, position in
                Site(try #require(Element(symbol: element)), at: position, label: label)
            })
    }

    static func all() throws -> [ReducedStructure] {
        [
            try make(
                "F m -3 m", [5.64, 5.64, 5.64, 90, 90, 90],
                [("Na1", "Na", .zero), ("Cl1", "Cl", SIMD3(0.5, 0.5, 0.5))]),
            try make(
                "P 42/m n m", [4.594, 4.594, 2.959, 90, 90, 90],
                [("Ti1", "Ti", .zero), ("O1", "O", SIMD3(0.305, 0.305, 0))]),
            try make(
                "R -3 c", [4.759, 4.759, 12.993, 90, 90, 120],
                [("Al1", "Al", SIMD3(0, 0, 0.352)), ("O1", "O", SIMD3(0.306, 0, 0.25))]),
            try make(
                "P n m a", [8.482, 5.398, 6.959, 90, 90, 90],
                [
                    ("Pb1", "Pb", SIMD3(0.188, 0.25, 0.167)), ("S1", "S", SIMD3(0.063, 0.25, 0.686)),
                    ("O1", "O", SIMD3(-0.095, 0.25, 0.6)), ("O2", "O", SIMD3(0.181, 0.25, 0.543)),
                    ("O3", "O", SIMD3(0.085, 0.026, 0.806)),
                ]),
            try make(
                "P 1 21/c 1", [5.15, 5.2, 5.32, 90, 99.2, 90],
                [
                    ("Zr1", "Zr", SIMD3(0.2754, 0.0395, 0.2083)), ("O1", "O", SIMD3(0.07, 0.3317, 0.3447)),
                    ("O2", "O", SIMD3(0.4496, 0.7569, 0.4792)),
                ]),
        ]
    }
}

@Suite("Cells from line positions")
struct CellSearchTests {
    @Test("the lines of a pattern are found within 0.03° of calculated ones")
    func peaks() throws {
        for structure in try Crystals.all() {
            let simulated = try SimulatedPattern(structure)
            let found = PeakSearch()(simulated.pattern, radiation: simulated.instrument.radiation)
            let lines = try PowderCalculation(
                PowderModel(phases: [.init(structure)], instrument: simulated.instrument),
                twoTheta: simulated.pattern.twoTheta
            ).reflections.compactMap(\.twoTheta)
            #expect(found.peaks.count >= min(8, lines.count / 2))
            for peak in found.peaks.prefix(12) {
                let nearest = lines.map { abs($0 - peak.twoTheta) }.min() ?? 90
                #expect(nearest < 0.03, "\(structure.spaceGroup.symbol) \(peak.twoTheta)")
            }
        }
    }

    @Test("cells distorted by σ 0.1 are recovered from line positions alone")
    func cells() throws {
        for structure in try Crystals.all() {
            let simulated = try SimulatedPattern(structure)
            let peaks = PeakSearch()(simulated.pattern, radiation: simulated.instrument.radiation).peaks
            var found = 0
            for seed in UInt64(1)...3 {
                let start = Distortion(lattice: 0.1).applied(to: structure.expanded(), seed: seed)
                let prior = CellPrior(around: start.lattice, spread: 0.1, in: structure.spaceGroup)
                let mean = try #require(prior.lattice(prior.mean))
                let last = try #require(peaks.prefix(25).last)
                let list = ReflectionList(
                    operations: structure.spaceGroup.operations, reciprocalMetric: mean.reciprocalMetric,
                    limit: last.q / 4 * 1.4)
                let candidates = try CellSearch()(
                    peaks: peaks, prior: prior, reflections: list.indices,
                    wavelength: simulated.instrument.radiation.lines[0].wavelength)
                let truth = structure.latticeParameters.values
                let near = candidates.prefix(12).contains { candidate in
                    let values = LatticeParameters(of: candidate.lattice, in: structure.spaceGroup).values
                    return zip(values, truth).allSatisfy { abs($0 - $1) < 2e-3 * $1 }
                }
                found += near ? 1 : 0
            }
            #expect(found == 3, "\(structure.spaceGroup.symbol)")
        }
    }
}
