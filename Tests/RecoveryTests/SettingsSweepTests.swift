import Crystallography
import Diffraction
import Foundation
import Matching
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// How much hangs on each number: every setting of a measured recovery 30 % lower and higher, on counts of ten small structures of
/// which the group, or the family alone, is known. WYCKOFF_LAWS=all runs it; WYCKOFF_SWEEP names stages, else all are swept (hours). With
/// WYCKOFF_WRITE=1 each row is written into Docs as it comes, and rows that are there are not done again.
@Suite("How much hangs on each setting") struct SettingsSweepTests {
    /// Published values, rounded.
    static func structures() throws -> [ReducedStructure] {
        try Crystals.all() + [
            Crystals.make(
                "P m -3 m", [3.905, 3.905, 3.905, 90, 90, 90],
                [("Sr1", "Sr", .zero), ("Ti1", "Ti", SIMD3(0.5, 0.5, 0.5)), ("O1", "O", SIMD3(0.5, 0.5, 0))]),
            Crystals.make(
                "F d -3 m :2", [8.083, 8.083, 8.083, 90, 90, 90],
                [
                    ("Mg1", "Mg", SIMD3(0.125, 0.125, 0.125)), ("Al1", "Al", SIMD3(0.5, 0.5, 0.5)),
                    ("O1", "O", SIMD3(0.2624, 0.2624, 0.2624)),
                ]),
            Crystals.make(
                "P 63 m c", [3.822, 3.822, 6.26, 90, 90, 120],
                [("Zn1", "Zn", SIMD3(1.0 / 3, 2.0 / 3, 0)), ("S1", "S", SIMD3(1.0 / 3, 2.0 / 3, 0.374))]),
            Crystals.make(
                "P -3 m 1", [4.24, 4.24, 6.84, 90, 90, 120],
                [("Cd1", "Cd", .zero), ("I1", "I", SIMD3(1.0 / 3, 2.0 / 3, 0.249))]),
            Crystals.make(
                "P a -3", [5.417, 5.417, 5.417, 90, 90, 90],
                [("Fe1", "Fe", .zero), ("S1", "S", SIMD3(0.385, 0.385, 0.385))]),
        ]
    }

    private struct Sample: Sendable {
        let truth: ReducedStructure
        let start: CrystalStructure
        let pattern: PowderPattern
        let instrument: Instrument
    }

    private static func samples() throws -> [Sample] {
        try structures().enumerated().map { index, structure in
            let (pattern, instrument) = try PowderGroupRecoveryTests.counts(
                structure, seed: UInt64(index + 1))
            let start = Distortion(lattice: 0.03, coordinates: 0.02).applied(
                to:
                    structure.expanded(), seed: UInt64(index + 1))
            return Sample(truth: structure, start: start, pattern: pattern, instrument: instrument)
        }
    }

    /// The group that was found, and whether the atoms are the true ones.
    private static func outcome(_ sample: Sample, _ settings: RecoverySettings, isFamily: Bool) -> String {
        var recovery = PowderRecovery(instrument: sample.instrument)
        (recovery.settings, recovery.scatteringTable, recovery.dispersion) = (settings, .pymatgen, false)
        let weights = PowderRecovery.weights(of: sample.pattern)
        let group = sample.truth.spaceGroup
        do {
            let result: PowderRecovery.Result
            if isFamily {
                result = try recovery.recover(
                    sample.pattern, weights: weights, start: sample.start,
                    in: group.crystalFamily.spaceGroups)
            } else {
                let ways = try WyckoffAssignment(settings: settings.occupation).assign(
                    sample.start, in: group, best: settings.occupation.searched
                ).structures
                result = try recovery.recover(sample.pattern, weights: weights, starts: ways)
            }
            let match = StructureMatch.find(
                result.structure.expanded(), sample.truth.expanded(), tolerances: .strict)
            let distance = match?.rmsDisplacement ?? .infinity
            return "\(result.structure.spaceGroup.number) \(match?.isMatch == true && distance < 0.05)"
        } catch {
            return "\(error)"
        }
    }

    /// Numbers by path; lists and ranges move as one.
    private static func paths(_ value: Any, _ path: [String] = []) -> [[String]] {
        guard let object = value as? [String: Any] else { return [path] }
        return object.keys.sorted().flatMap { paths(object[$0] ?? 0, path + [$0]) }
    }

    private static func scaled(_ value: Any, by factor: Double, isWhole: Bool) -> Any {
        if let list = value as? [Any] { return list.map { scaled($0, by: factor, isWhole: isWhole) } }
        guard let number = value as? NSNumber else { return value }
        let moved = number.doubleValue * factor
        guard isWhole else { return moved }
        let whole = Int(moved.rounded())
        let step = factor > 1 ? max(whole, number.intValue + 1) : min(whole, number.intValue - 1)
        return max(1, step)
    }

    private static func changed(
        _ value: Any, _ path: ArraySlice<String>, by factor: Double, isWhole: Bool
    ) -> Any {
        guard let first = path.first, var object = value as? [String: Any], let inner = object[first] else {
            return scaled(value, by: factor, isWhole: isWhole)
        }
        object[first] = changed(inner, path.dropFirst(), by: factor, isWhole: isWhole)
        return object
    }

    /// Counts are moved by one at least.
    private static func settings(_ whole: Any, _ path: [String], by factor: Double) throws -> RecoverySettings
    {
        func decoded(isWhole: Bool) throws -> RecoverySettings {
            let moved = changed(whole, path[...], by: factor, isWhole: isWhole)
            return try JSONDecoder().decode(
                RecoverySettings.self, from: JSONSerialization.data(withJSONObject: moved))
        }
        do {
            return try decoded(isWhole: false)
        } catch is DecodingError {
            return try decoded(isWhole: true)
        }
    }

    private static func needsFamily(_ path: [String]) -> Bool {
        ["absences", "groups"].contains(path[0])
            || ["keptOfFamily", "combinedOfFamily", "groupsKept", "ways", "waysOfGroup"].contains(path.last)
    }

    @Test(
        "each setting by ±30 %",
        .enabled(if: ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil))
    func sweep() async throws {
        let samples = try Self.samples()
        let settings = RecoverySettings()
        let whole = try JSONSerialization.jsonObject(with: JSONEncoder().encode(settings))
        let environment = ProcessInfo.processInfo.environment
        let stages = environment["WYCKOFF_SWEEP"]?.split(separator: ",").map(String.init)
        let writes = environment["WYCKOFF_WRITE"] != nil
        var rows = writes ? SettingsPage.swept : []
        var usual: [Bool: [String]] = [:]
        for path in Self.paths(whole) where !["start", "proof", "rivals", "joint"].contains(path[0]) {
            let name = "measured.\(path.joined(separator: "."))"
            guard stages?.contains(path[0]) ?? true, !rows.contains(where: { $0.hasPrefix("\(name)\t") })
            else { continue }
            let isFamily = Self.needsFamily(path)
            if usual[isFamily] == nil {
                let found = try await parallelMap(samples) { Self.outcome($0, settings, isFamily: isFamily) }
                #expect(found.allSatisfy { $0.hasSuffix("true") }, "\(found)")
                usual[isFamily] = found
            }
            var changes: [String] = []
            for (direction, factor) in [("−30 %", 0.7), ("+30 %", 1.3)] {
                let trial = try Self.settings(whole, path, by: factor)
                let found = try await parallelMap(samples) { Self.outcome($0, trial, isFamily: isFamily) }
                let count = zip(found, usual[isFamily] ?? []).count { $0 != $1 }
                if count > 0 { changes.append("\(direction): \(count) of \(samples.count) change") }
            }
            rows.append("\(name)\t\(changes.isEmpty ? "yes" : changes.joined(separator: "; "))")
            print(rows.last ?? "")
            if writes { try Self.write(rows) }
        }
        #expect(!rows.isEmpty, "no stage of that name, or all of it is done")
    }

    private static func write(_ rows: [String]) throws {
        let note = [
            "# The third column: counts of ten small structures (10,000 in the highest point, a background that falls; rock salt,",
            "# rutile, corundum, PbSO4, baddeleyite, SrTiO3, spinel, wurtzite, CdI2, pyrite), starts distorted by lattice 0.03 and coordinates 0.02,",
            "# the group known, or the family alone for settings that only then matter. *yes*: the group and the atoms that are found are the",
            "# same 30 % lower and 30 % higher. Empty: not swept yet (it takes hours), or of starts, of the proof, of exchanges, of several patterns",
            "# or of exact patterns, which are not. `WYCKOFF_LAWS=all WYCKOFF_WRITE=1 WYCKOFF_SWEEP=lines,cell swift test -c release --filter SettingsSweepTests`",
        ]
        try (note + rows).joined(separator: "\n").appending("\n")
            .write(to: SettingsPage.sweep, atomically: true, encoding: .utf8)
    }
}
