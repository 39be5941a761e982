import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry
import Testing

@Suite("Pawley fit")
struct PawleyFitTests {
    /// A rutile pattern without noise.
    static func rutile(a: Double, c: Double, zero: Double = 0) throws -> (
        ReducedStructure, PowderPattern, Instrument
    ) {
        let group = try SpaceGroup.find("P 42/m n m")
        let (titanium, oxygen) = (try #require(Element(symbol: "Ti")), try #require(Element(symbol: "O")))
        let structure = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: a, b: a, c: c, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(titanium, at: .zero, label: "Ti1"),
                Site(oxygen, at: SIMD3(0.305, 0.305, 0), label: "O1"),
            ])
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"), zero: zero,
            widths: PeakWidths(w: 0.01, x: 0.03))
        let model = PowderModel(phases: [.init(structure, scale: 100)], instrument: instrument)
        let grid = stride(from: 20.0, through: 100, by: 0.02).map { $0 }
        let intensity = try PowderCalculation(model, twoTheta: grid).calculated
        return (structure, PowderPattern(twoTheta: grid, intensity: intensity), instrument)
    }

    @Test("free intensities find the cell and the zero shift of a noise-free pattern")
    func cell() throws {
        let (truth, pattern, instrument) = try Self.rutile(a: 4.594, c: 2.959, zero: 0.03)
        var lattice = truth.latticeParameters
        lattice.values = [4.600, 2.955]
        let list = ReflectionList(
            operations: truth.spaceGroup.operations, reciprocalMetric: truth.lattice.reciprocalMetric,
            limit: 0.25)
        let data = PawleyFit.Data(
            twoTheta: pattern.twoTheta, net: pattern.intensity,
            weights: pattern.intensity.map { _ in 1 }, radiation: instrument.radiation)
        let fit = PawleyFit()(
            data, reflections: list.indices, lattice: lattice, profile: CellProfile(w: 0.02))
        #expect(abs(fit.lattice.values[0] - 4.594) < 5e-4)
        #expect(abs(fit.lattice.values[1] - 2.959) < 5e-4)
        #expect(abs(fit.profile.zero - 0.03) < 0.005)
        #expect(fit.rwp < 0.05)
        #expect(fit.intensities.allSatisfy { $0 >= 0 })
    }

    @Test("a profile column has unit area and its derivatives agree with central differences")
    func columns() throws {
        let radiation = try Wavelength.radiation(named: "CuKa")
        let grid = stride(from: 30.0, through: 50, by: 0.005).map { $0 }
        let profile = CellProfile(w: 0.02, u: 0.01, eta: 0.4, zero: 0.02)
        let q = 0.2
        let column = try #require(profile.column(q: q, radiation: radiation, grid: grid))
        let area = column.values.reduce(0, +) * 0.005
        #expect(abs(area - 1) < 0.03)
        func full(_ c: ProfileColumn?) -> [Double] {
            var y = [Double](repeating: 0, count: grid.count)
            guard let c else { return y }
            for (i, v) in c.values.enumerated() { y[c.start + i] = v }
            return y
        }
        func check(_ derivative: [Double], step: Double, _ make: (Double) -> ProfileColumn?) {
            let (up, down) = (full(make(step)), full(make(-step)))
            let largest = derivative.map(abs).max() ?? 1
            for i in derivative.indices {
                let difference = (up[column.start + i] - down[column.start + i]) / (2 * step)
                #expect(abs(difference - derivative[i]) < 1e-4 * largest)
            }
        }
        check(column.byQ, step: 2e-8) { profile.column(q: q + $0, radiation: radiation, grid: grid) }
        check(column.byZero, step: 1e-5) { step in
            var p = profile
            p.zero += step
            return p.column(q: q, radiation: radiation, grid: grid)
        }
        check(column.byW, step: 1e-6) { step in
            var p = profile
            p.w += step
            return p.column(q: q, radiation: radiation, grid: grid)
        }
        check(column.byU, step: 1e-6) { step in
            var p = profile
            p.u += step
            return p.column(q: q, radiation: radiation, grid: grid)
        }
        check(column.byEta, step: 1e-5) { step in
            var p = profile
            p.eta += step
            return p.column(q: q, radiation: radiation, grid: grid)
        }
    }
}
