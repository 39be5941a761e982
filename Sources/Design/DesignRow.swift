import Crystallography
import Foundation
import Parameterization
import Symmetry

/// A candidate as it is reported: one row of candidates.csv.
public struct DesignRow: Sendable {
    public var rank: Int
    public var formula: String
    public var candidate: DesignCandidate
    /// Atoms of the primitive cell by spglib, 0.01 Å, elements distinguished.
    public var primitiveAtoms: Int
    public var verdict: StabilityJudge.Verdict?
    /// First of its composition.
    public var isUnique: Bool
    /// No other candidate beats it in every minimum and maximum; nil without a front.
    public var isOnFront: Bool?
    /// Its formula is in no structure of the set given; nil without a set.
    public var isNovel: Bool?

    public init(
        rank: Int, candidate: DesignCandidate, verdict: StabilityJudge.Verdict?, isUnique: Bool,
        known: Set<String>?, isOnFront: Bool? = nil
    ) {
        self.isOnFront = isOnFront
        self.rank = rank
        self.candidate = candidate
        self.verdict = verdict
        self.isUnique = isUnique
        let structure = candidate.structure.expanded()
        formula = Self.formula(structure)
        let copies = (try? SymmetryFinder.find(in: structure, tolerance: 0.01))?.copies ?? 1
        primitiveAtoms = structure.sites.count / max(1, copies)
        let own = formula
        isNovel = known.map { !$0.contains(own) }
    }

    /// Numbers divided by their greatest common divisor, elements by the alphabet.
    public static func formula(_ structure: CrystalStructure) -> String {
        let counts = structure.composition.sorted { $0.key.symbol < $1.key.symbol }
            .map { ($0.key.symbol, Int($0.value.rounded())) }
        func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
        let divisor = max(1, counts.reduce(0) { gcd($1.1, $0) })
        return counts.map { $0.0 + ($0.1 / divisor == 1 ? "" : "\($0.1 / divisor)") }.joined()
    }

    /// `Ba+2 Ti+4 O-2`, each pair once.
    public var oxidationStates: String {
        guard let charges = candidate.charges else { return "" }
        var seen: [String] = []
        for (element, charge) in zip(candidate.elements, charges) {
            let text = "\(element.symbol)\(charge > 0 ? "+" : "")\(charge)"
            if !seen.contains(text) { seen.append(text) }
        }
        return seen.joined(separator: " ")
    }

    public static func header(_ models: [String]) -> String {
        (["rank", "formula", "success", "A", "B", "C", "D", "E"] + models
            + [
                "neutral", "oxidationStates", "toleranceFactor", "primitiveAtoms", "judgeFormationEnergy",
                "unique", "novel",
                // Beyond what every table of candidates has.
                "minimumDistance", "judgeRelaxedFormationEnergy", "judgeForce", "judgeShift", "judgeStable",
                "front",
            ]).joined(separator: ",")
    }

    public var csv: String {
        func number(_ x: Double?) -> String { x.map { String(format: "%.6g", $0) } ?? "" }
        func truth(_ x: Bool?) -> String { x.map { "\($0)" } ?? "" }
        let c = candidate
        var cells = ["\(rank)", formula, truth(c.isSuccess), truth(c.meetsProperties), truth(c.isStable)]
        cells += [truth(c.meetsTolerance), truth(c.charges != nil), truth(c.keepsTemplate)]
        cells += c.values.map { number($0) }
        cells += [truth(c.charges != nil), oxidationStates, number(c.toleranceFactor), "\(primitiveAtoms)"]
        cells += [number(verdict?.formationEnergy), truth(isUnique), truth(isNovel)]
        cells += [number(c.closestDistance), number(verdict?.relaxedFormationEnergy)]
        cells += [number(verdict?.largestForce), number(verdict?.largestShift), truth(verdict?.isStable)]
        return (cells + [truth(isOnFront)]).joined(separator: ",")
    }
}

/// The shares that a table of arms compares.
public struct DesignSummary: Sendable, Codable {
    public var method: String
    public var candidates: Int
    /// Share with A to E; in a supercell of those whose primitive cell is the supercell only.
    public var success: Double
    /// Share that fails no criterion, tiled cells counted too.
    public var successWithTiled: Double
    public var properties: Double
    public var stable: Double
    public var tolerance: Double
    public var neutral: Double
    public var template: Double
    /// Distinct compositions of successes, as a share of the candidates.
    public var unique: Double
    /// Distinct compositions that succeeded anywhere in the run.
    public var feasibleCompositions: Int
    public var calls: Int
    public var seconds: Double
    /// Successes whose formation energy CHGNet puts below −0.5 eV/atom, as proposed; nil without CHGNet.
    public var judgeAgrees: Double?
    /// Successes that CHGNet calls stable after relaxation; nil where none was relaxed.
    public var judgeStable: Double?

    public init(_ result: DesignResult, rows: [DesignRow], atoms: Int, seconds: Double, relaxed: Bool) {
        method = result.method
        candidates = rows.count
        let count = Double(max(1, rows.count))
        func share(_ test: (DesignRow) -> Bool) -> Double { Double(rows.filter(test).count) / count }
        let isWhole = { (row: DesignRow) in atoms < 100 || row.primitiveAtoms == atoms }
        success = share { $0.candidate.isSuccess && isWhole($0) }
        successWithTiled = share { $0.candidate.isSuccess }
        properties = share { $0.candidate.meetsProperties }
        stable = share { $0.candidate.isStable }
        tolerance = share { $0.candidate.meetsTolerance }
        neutral = share { $0.candidate.charges != nil }
        template = share { $0.candidate.keepsTemplate }
        unique = share { $0.isUnique && $0.candidate.isSuccess }
        feasibleCompositions = result.feasible.count
        calls = result.calls
        self.seconds = seconds
        let judged = rows.filter { $0.candidate.isSuccess && $0.verdict != nil }
        if judged.isEmpty {
            (judgeAgrees, judgeStable) = (nil, nil)
        } else {
            let total = Double(judged.count)
            judgeAgrees = Double(judged.filter { ($0.verdict?.formationEnergy ?? 0) < -0.5 }.count) / total
            judgeStable = relaxed ? Double(judged.filter { $0.verdict?.isStable == true }.count) / total : nil
        }
    }
}
