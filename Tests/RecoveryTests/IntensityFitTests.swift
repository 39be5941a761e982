import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry
import Testing

@Suite("Levenberg–Marquardt on intensities") struct IntensityFitTests {
    /// Intensities that are polynomials of the parameters, so that everything is known in closed form.
    private struct Polynomials: IntensityModel {
        let parameterCount = 2
        let reflectionCount = 3

        func evaluate(_ u: [Double], into v: inout [Double], jacobian: inout [[Double]], derivatives: Bool) {
            v = [1 + u[0] * u[0], 2 + u[0] + u[1], 3 + u[1] * u[1]]
            if derivatives { jacobian = [[2 * u[0], 1, 0], [0, 1, 2 * u[1]]] }
        }
    }

    /// Three lines whose intensities are those of u = (0.3, −0.2) times 7, raised and lowered in turn by a noise.
    private static func profile(noise: Double = 0) throws -> CompressedProfile {
        let grid = stride(from: 20.0, through: 60, by: 0.05).map { $0 }
        let radiation = Radiation(wavelength: 1.5406)
        let columns = try [0.1, 0.2, 0.35].map { q in
            try #require(CellProfile(w: 0.04).column(q: q, radiation: radiation, grid: grid))
        }
        var v = [Double](repeating: 0, count: 3)
        var unused: [[Double]] = []
        Polynomials().evaluate([0.3, -0.2], into: &v, jacobian: &unused, derivatives: false)
        var net = [Double](repeating: 0, count: grid.count)
        for k in 0..<3 {
            for i in columns[k].values.indices {
                let factor = i % 2 == 0 ? 1 + noise : 1 - noise * Double(k)
                net[columns[k].start + i] += 7 * v[k] * columns[k].values[i] * factor
            }
        }
        let weights = net.indices.map { 1 + Double($0 % 2) }
        return try #require(CompressedProfile(columns: columns, intensity: net, weights: weights))
    }

    private static func fitted(_ profile: CompressedProfile, from start: [Double]) -> IntensityMinimum {
        var settings = RecoverySettings.Atoms()
        (settings.iterations, settings.convergence) = (200, 1e-14)
        return IntensityFit(settings: settings)(
            Polynomials(), profile, from: start, steps: [0.2, 0.2], bounds: [-2...2, -2...2])
    }

    @Test("the truth is found, its scale with it, and nothing is left")
    func truth() throws {
        let minimum = Self.fitted(try Self.profile(), from: [0.6, 0.2])
        // But for the ridge of the compressed profile, 10⁻⁹ of the whole.
        #expect(minimum.rwp < 1e-4)
        #expect(abs(minimum.scale - 7) < 1e-4)
        #expect(zip(minimum.parameters, [0.3, -0.2]).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test(
        "at the minimum the misfit's gradient by differences is nought, and the misfit nowhere near is lower")
    func gradient() throws {
        let profile = try Self.profile(noise: 0.1)
        let minimum = Self.fitted(profile, from: [0.5, 0.1])
        let fit = IntensityFit()
        func misfit(_ u: [Double]) -> Double { fit.misfit(Polynomials(), profile, at: u) }
        let least = misfit(minimum.parameters)
        #expect(abs(minimum.rwp * minimum.rwp - profile.unexplained - least) < 1e-12)
        for k in 0..<2 {
            var (up, down) = (minimum.parameters, minimum.parameters)
            up[k] += 1e-3
            down[k] -= 1e-3
            let curvature = misfit(up) + misfit(down) - 2 * least
            #expect(curvature > 0)
            #expect(abs(misfit(up) - misfit(down)) < 0.05 * curvature)
        }
    }

    @Test("no step is longer than its limit and none leaves its range")
    func limits() throws {
        let profile = try Self.profile()
        var settings = RecoverySettings.Atoms()
        settings.iterations = 1
        let one = IntensityFit(settings: settings)(
            Polynomials(), profile, from: [1, 1], steps: [0.05, 0.02], bounds: [-2...2, -2...2])
        #expect(abs(one.parameters[0] - 1) <= 0.05 + 1e-12 && abs(one.parameters[1] - 1) <= 0.02 + 1e-12)
        let held = IntensityFit()(
            Polynomials(), profile, from: [1, 1], steps: [0.5, 0.5], bounds: [0.5...2, 0...2])
        #expect(held.parameters[0] >= 0.5 && held.parameters[1] >= 0)
    }
}
