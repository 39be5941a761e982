import CSpglib
import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Symmetry
import Testing

/// Finding and reducing beside spglib's own call on the same cell: `Scripts/bench symmetry` runs it and prints the
/// table of Docs/Benchmarks.md. Times are not asserted where others work on the machine, so `make test` leaves it out.
@Suite(
    "Throughput of the symmetry search",
    .enabled(
        if: ProcessInfo.processInfo.environment["WYCKOFF_BENCH"] != nil,
        "set WYCKOFF_BENCH to a set of records"))
struct ThroughputTests {
    private typealias Row = (Double, Double, Double)

    /// Milliseconds of one call.
    private static func time(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let duration = try clock.measure(body)
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1e3 + Double(attoseconds) * 1e-15
    }

    private static func spglibAlone(_ structure: CrystalStructure, tolerance: Double) -> Bool {
        var columns: [Double] = []
        for axis in 0..<3 {
            for vector in 0..<3 { columns.append(structure.lattice.vectors[vector, axis]) }
        }
        var coordinates = structure.sites.flatMap { [$0.position.x, $0.position.y, $0.position.z] }
        var numbers: [String: Int32] = [:]
        var kinds = structure.sites.map { site -> Int32 in
            let name = site.occupants.map(\.species.description).joined()
            let number = numbers[name] ?? Int32(numbers.count + 1)
            numbers[name] = number
            return number
        }
        return columns.withUnsafeMutableBytes { cell in
            coordinates.withUnsafeMutableBytes { points in
                guard
                    let dataset = spg_get_dataset(
                        cell.assumingMemoryBound(to: Row.self).baseAddress,
                        points.assumingMemoryBound(to: Row.self).baseAddress, &kinds, Int32(kinds.count),
                        tolerance)
                else { return false }
                spg_free_dataset(dataset)
                return true
            }
        }
    }

    @Test("find and reduce take at most 15 % beyond spglib's own call, median over the set")
    func besideSpglib() throws {
        let path = try #require(ProcessInfo.processInfo.environment["WYCKOFF_BENCH"])
        var (find, whole, alone): ([Double], [Double], [Double]) = ([], [], [])
        for entry in try CrystalRecordStream(path: path) {
            let structure = try entry.result.get().structure
            var least = (find: Double.infinity, whole: Double.infinity, alone: Double.infinity)
            var found: FoundSymmetry?
            // In turn, so that what else the machine does meets all alike; the least of three.
            for _ in 0..<3 {
                least.alone = min(least.alone, Self.time { _ = Self.spglibAlone(structure, tolerance: 0.01) })
                least.find = min(
                    least.find,
                    try Self.time { found = try SymmetryFinder.find(in: structure, tolerance: 0.01) })
                least.whole = min(
                    least.whole,
                    try Self.time {
                        let again = try SymmetryFinder.find(in: structure, tolerance: 0.01)
                        _ = try ReducedStructure(reducing: structure, again)
                    })
            }
            #expect(found != nil)
            find.append(least.find / least.alone)
            whole.append(least.whole / least.alone)
            alone.append(least.alone)
        }
        func quantile(_ values: [Double], _ share: Double) -> Double {
            let sorted = values.sorted()
            return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
        }
        for (name, values) in [
            ("find / spglib", find), ("find and reduce / spglib", whole), ("spglib alone, ms", alone),
        ] {
            let numbers = [0.1, 0.5, 0.9].map { String(format: "%.3f", quantile(values, $0)) }
            print("BENCH | \(name) | \(numbers.joined(separator: " | ")) | \(values.count) records")
        }
        #expect(quantile(whole, 0.5) <= 1.15)
    }
}
