import Diffraction
import Foundation
import Testing

@Suite("PeakProfile") struct PeakProfileTests {
    private static let grid = (0...8000).map { 20 + Double($0) / 400 }

    @Test("a peak of unit area integrates to 1 whatever its width and shape", arguments: [0.0, 0.4, 1.0])
    func area(eta: Double) {
        for width in [0.05, 0.11, 0.2] {
            let peak = PeakProfile(position: 30.0013, width: width, eta: eta, radius: .infinity)
            let sum = peak.samples(on: Self.grid).values.reduce(0, +) / 400
            // What the grid's ends cut off a Lorentzian: 2/π · atan(width / 2 / 10°).
            let cut = eta * 2 / .pi * atan(width / 20)
            #expect(abs(sum - (1 - cut)) < 2e-5, "\(width) \(sum)")
        }
    }

    @Test("a peak of unit height has half its height at half its width from the middle")
    func height() {
        let peak = PeakProfile(position: 30, width: 0.2, eta: 0.6, normalization: .height)
        let samples = peak.samples(on: [29.9, 30, 30.1])
        #expect(abs(samples.values[1] - 1) < 1e-12)
        #expect(abs(samples.values[0] - 0.5) < 1e-12 && abs(samples.values[2] - 0.5) < 1e-12)
    }

    @Test("derivatives by position, width and share are those of differences", arguments: [0.2, 0.8])
    func derivatives(eta: Double) {
        for normalization in [PeakNormalization.area, .height] {
            let peak = PeakProfile(
                position: 30.01, width: 0.13, eta: eta, normalization: normalization, radius: 20)
            let own = peak.samples(on: Self.grid)
            let step = 1e-5
            func slope(_ change: (inout PeakProfile, Double) -> Void) -> [Double] {
                var (above, below) = (peak, peak)
                change(&above, step)
                change(&below, -step)
                func values(_ p: PeakProfile) -> [Double] {
                    var all = [Double](repeating: 0, count: Self.grid.count)
                    let samples = p.samples(on: Self.grid)
                    for (k, value) in samples.values.enumerated() { all[samples.start + k] = value }
                    return all
                }
                let (a, b) = (values(above), values(below))
                return own.values.indices.map { (a[own.start + $0] - b[own.start + $0]) / (2 * step) }
            }
            let pairs = [
                (own.byPosition, slope { $0.position += $1 }), (own.byWidth, slope { $0.width += $1 }),
                (own.byEta, slope { $0.eta += $1 }),
            ]
            for (exact, differences) in pairs {
                let size = exact.map(abs).max() ?? 0
                for (a, b) in zip(exact, differences) { #expect(abs(a - b) < 1e-5 * size) }
            }
        }
    }

    @Test("beyond its radius a peak is zero, and it comes there without a step")
    func radius() throws {
        let peak = PeakProfile(position: 30, width: 0.1, eta: 1, radius: 10)
        let samples = peak.samples(on: Self.grid)
        let (first, last) = (Self.grid[samples.start], Self.grid[samples.start + samples.values.count - 1])
        #expect(first >= 29 - 1e-9 && last <= 31 + 1e-9)
        let highest = try #require(samples.values.max())
        #expect((samples.values.first ?? 1) < 1e-6 * highest && (samples.values.last ?? 1) < 1e-6 * highest)
    }
}
