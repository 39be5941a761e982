import CrystalFiles
import Foundation
import NumericalMethods
import Publishing
import Reports

/// A pattern made of Gaussian peaks with counting noise.
enum SampleFit {
    static func plot(points: Int = 2400, scale: FitPlot.Scale = .linear) -> FitPlot {
        var stream = RandomStream(seed: 4)
        var peaks: [(Double, Double)] = []
        for n in 1...26 {
            let m = Double(n)
            let height: Double = 6000 * exp(-0.12 * m) * stream.uniform(0.2, 1)
            peaks.append((12 + 3.7 * m + 0.02 * m * m, height))
        }
        let twoTheta = (0..<points).map { 10 + 120 * Double($0) / Double(points - 1) }
        let background = twoTheta.map { 220 - $0 }
        var calculated = background
        for (i, x) in twoTheta.enumerated() {
            for (position, height) in peaks {
                let u = (x - position) / 0.18
                if abs(u) < 8 { calculated[i] += height * exp(-0.5 * u * u) }
            }
        }
        let observed = calculated.map { max(0, $0 + $0.squareRoot() * stream.normal()).rounded() }
        let second = stride(from: 18.0, to: 128, by: 9.5).map { $0 }
        return FitPlot(
            title: "PbSO4, Cu Kα", twoTheta: twoTheta, observed: observed, calculated: calculated,
            background: background,
            phases: [
                FitPlot.Phase(
                    name: "PbSO4", positions: peaks.map(\.0), labels: peaks.indices.map { "\($0) 1 0" }),
                FitPlot.Phase(name: "CaF2", positions: second),
            ], scale: scale)
    }

    static func page(_ plot: FitPlot, svg: String) -> HTMLPage {
        var page = HTMLPage(
            title: "Recovery of PbSO4",
            subtitle: "From PbSO4-xray.dat and a distorted start, space group P n m a (62)",
            footer: "wyckoff 0.1.0 · seed 1 · wyckoff recover --pattern PbSO4-xray.dat …")
        page.section("Result")
        page.verdict(
            "Recovered and proven", passed: true,
            checks: [
                .init("P n m a found again at 1e-5 Å", passed: true),
                .init("shortest distance S–O 1.47 Å", passed: true),
                .init("matches the reference, RMS 0.031 Å", passed: true),
                .init("background terms at most 12", passed: nil),
            ])
        page.keyNumbers([
            .init("Rwp", "9.84", unit: "%", note: "background included"), .init("Rexp", "6.21", unit: "%"),
            .init("GoF", "1.58"), .init("R Bragg", "3.4", unit: "%"), .init("time", "12.4", unit: "s"),
        ])
        page.section("Fit")
        page.figure(
            plot, .svg(svg),
            caption: "Observed (points), calculated (line), difference (below) and reflections.")
        page.section("Parameters")
        page.table(
            TextTable(
                columns: [
                    .init("parameter"), .init("value", alignment: .number), .init("unit"), .init("formula"),
                ],
                rows: [
                    ["a", MeasuredValue(8.48021, uncertainty: 0.00012).text, "Å", "free"],
                    ["Pb1.x", MeasuredValue(0.18812, uncertainty: 0.00023).text, "", "x,1/4,z"],
                    ["O1.B", MeasuredValue(1.2, uncertainty: 0.3).text, "Å²", ""],
                    ["zero", "0.012(3)", "°", "<zero>"],
                ], note: "Standard uncertainties in units of the last place."))
        return page
    }
}
