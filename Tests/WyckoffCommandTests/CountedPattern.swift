import Foundation
import NumericalMethods

/// A calculated pattern with a background that falls and counting noise, 10,000 in its highest point above the background.
enum CountedPattern {
    /// Writes `name` into the folder, Cu Kα, 10 to 100°.
    ///
    /// - Parameters:
    ///   - files: phases, in the folder or by whole paths.
    ///   - fractions: by weight; empty for one phase.
    static func write(
        _ name: String, of files: [String], fractions: [Double] = [], zero: Double = 0.02, seed: UInt64 = 1,
        in folder: URL
    ) throws {
        let words = fractions.flatMap { ["--fraction", "\($0)"] }
        let run = try CommandRun(
            ["pattern"] + files + words + [
                "--range", "10:100:0.02", "--wavelength", "CuKa", "--caglioti", "0.006,-0.003,0.008",
                "--lorentz", "0.03", "--zero", "\(zero)", "-o", "exact.xy",
            ], in: folder)
        guard run.status == 0 else { throw Failure(text: run.errors) }
        let text = try String(contentsOf: folder.appendingPathComponent("exact.xy"), encoding: .utf8)
        let points = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            line.split(separator: " ").compactMap { Double($0) }
        }.filter { $0.count > 1 }
        let highest = points.map { $0[1] }.max() ?? 1
        var random = RandomStream(seed: seed)
        let lines = points.map { point in
            let mean = 10_000 * max(0, point[1]) / highest + 60 + 200 * exp(-(point[0] - 8) / 15)
            let count = max(0, (mean + random.normal() * mean.squareRoot()).rounded())
            return "\(point[0]) \(Int(count))"
        }
        try (lines.joined(separator: "\n") + "\n").write(
            to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    struct Failure: Error { let text: String }
}
