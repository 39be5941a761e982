import Crystallography
import Design
import Evaluations
import Foundation
import Jobs
import Parameterization

/// A candidate as it is reported: one row of candidates.csv.
package struct DesignRow: Sendable {
    package var rank: Int
    /// Numbers divided by their greatest common divisor, elements by the alphabet: what compositions are compared by.
    package var formula: String
    /// The same as chemists write it: `TlGeF3`.
    package var conventionalFormula: String
    package var candidate: DesignCandidate
    /// Atoms of the primitive cell by spglib, elements distinguished; nil where no symmetry can be told.
    package var primitiveAtoms: Int?
    package var verdict: StabilityJudge.Verdict?
    /// Where its energy is least; nil where it was not relaxed.
    package var relaxed: DesignCandidate?
    /// What is known of it beside the models' answers; nil where it was not asked.
    package var insight: DesignInsight?
    /// eV/atom above the hull up to which it counts as stable.
    package var stableWithin: Double
    /// Decimal logarithms are given as what they are the logarithms of.
    package var isLogarithm: [Bool]
    /// First of its composition.
    package var isUnique: Bool
    /// No other candidate beats it in every minimum and maximum; nil without a front.
    package var isOnFront: Bool?
    /// Its formula is in no structure of the set given; nil without a set.
    package var isNovel: Bool?

    package init(
        rank: Int, candidate: DesignCandidate, primitiveAtoms: Int?, verdict: StabilityJudge.Verdict?,
        relaxed: DesignCandidate? = nil, isLogarithm: [Bool] = [], isUnique: Bool,
        known: Set<String>?, isOnFront: Bool? = nil, insight: DesignInsight? = nil, stableWithin: Double = 0.1
    ) {
        self.insight = insight
        self.stableWithin = stableWithin
        (self.relaxed, self.isLogarithm) = (relaxed, isLogarithm)
        self.isOnFront = isOnFront
        self.rank = rank
        self.candidate = candidate
        self.verdict = verdict
        self.isUnique = isUnique
        self.primitiveAtoms = primitiveAtoms
        let composition = Formula(candidate.structure.expanded()).reduced
        (formula, conventionalFormula) = (composition.text(), composition.conventional)
        let own = formula
        isNovel = known.map { !$0.contains(own) } ?? insight.map(\.isNovel)
    }

    /// Numbers divided by their greatest common divisor, elements by the alphabet.
    package static func formula(_ structure: CrystalStructure) -> String {
        Formula(structure).reduced.text()
    }

    /// Where its energy is least, else as proposed.
    package var structure: ReducedStructure { relaxed?.structure ?? candidate.structure }

    /// `Ba+2 Ti+4 O-2`, each pair once.
    package var oxidationStates: String {
        guard let charges = candidate.charges else { return "" }
        var seen: [String] = []
        for (element, charge) in zip(candidate.elements, charges) {
            let text = "\(element.symbol)\(charge > 0 ? "+" : "")\(charge)"
            if !seen.contains(text) { seen.append(text) }
        }
        return seen.joined(separator: " ")
    }

    /// The predicted values in the units that people use: moduli in GPa.
    package func values(of candidate: DesignCandidate) -> [Double] {
        candidate.values.enumerated().map { index, value in
            isLogarithm.indices.contains(index) && isLogarithm[index] ? pow(10, value) : value
        }
    }

    /// The crystal that it is known as, with its group and its gap in eV: `BaO3Sn 221 1.01`, or a record of the user's set.
    package var knownAs: String? {
        insight?.knownRecord
            ?? insight?.sameStructure.map {
                "\($0.formula) \($0.spaceGroup) \(String(format: "%.2f", $0.gap))"
            }
    }

    /// Another structure of its formula that is known, as `knownAs`.
    package var knownFormula: String? {
        insight?.sameFormula.map { "\($0.formula) \($0.spaceGroup) \(String(format: "%.2f", $0.gap))" }
    }

    /// It meets everything where its energy is least, in every order of tied neighbours, near the hull; nil where this was not asked.
    package var isBelievable: Bool? { insight?.isBelievable(within: stableWithin) }

    /// `Eu-Te 3`: the two elements that the fewest known crystals hold together.
    private var rarestPair: String {
        insight?.rarestPair.map {
            "\($0.elements.map(\.symbol).joined(separator: "-")) \($0.count)"
        } ?? ""
    }

    /// Lowest and highest value over the orders of tied neighbours, in the units that people use; the value itself where no order counts.
    private func extremes(_ index: Int) -> [Double]? {
        guard let relaxed, insight != nil else { return nil }
        let own = insight?.ties?.values[index] ?? relaxed.values[index]...relaxed.values[index]
        let isLog = isLogarithm.indices.contains(index) && isLogarithm[index]
        return [own.lowerBound, own.upperBound].map { isLog ? pow(10, $0) : $0 }
    }

    private var insightCells: [String] {
        func number(_ x: Double?) -> String { x.map { String(format: "%.6g", $0) } ?? "" }
        func truth(_ x: Bool?) -> String { x.map { "\($0)" } ?? "" }
        var cells = [
            number(insight?.place?.aboveHull), insight?.place?.decomposition ?? "",
            insight?.place.map { "\($0.competitors)" } ?? "", knownAs ?? "", knownFormula ?? "", rarestPair,
        ]
        for index in candidate.values.indices {
            cells += extremes(index)?.map { number($0) } ?? ["", ""]
        }
        cells += [truth(insight?.isMetInAll), truth(isBelievable)]
        let moduli = insight?.elastic?.hill
        cells += [
            number(insight?.bulkModulus), number(moduli?.shear), number(moduli?.poisson),
            truth(insight?.elastic?.isStable),
        ]
        cells += [number(insight?.magneticMoment), truth(insight?.isSaddle)]
        cells.append(truth(insight?.isFlat))
        let lower = insight?.lower
        cells += [
            lower.map { $0.structure.spaceGroup.compactSymbol } ?? "", number(lower?.energyChange),
            number(lower?.place?.aboveHull), truth(lower?.isMet),
        ]
        for index in candidate.values.indices {
            let value = lower?.values[index]
            let isLog = isLogarithm.indices.contains(index) && isLogarithm[index]
            cells.append(number(value.map { isLog ? pow(10, $0) : $0 }))
        }
        return cells
    }

    package static func header(_ models: [String]) -> String {
        (["rank", "formula", "success", "A", "B", "C", "D", "E"] + models
            + [
                "neutral", "oxidationStates", "toleranceFactor", "primitiveAtoms", "judgeFormationEnergy",
                "unique", "novel",
                // Beyond what every table of candidates has.
                "minimumDistance", "judgeRelaxedFormationEnergy", "judgeForce", "judgeShift", "judgeStable",
                "front",
            ] + models.map { "relaxed-\($0)" } + ["relaxedSuccess", "floor"]
            + ["aboveHull", "decomposition", "competitors", "knownAs", "knownFormula", "rarestPair"]
            + models.flatMap { ["lowest-\($0)", "highest-\($0)"] } + ["inEveryOrder", "believable"]
            + [
                "judgeBulkModulus", "judgeShearModulus", "judgePoissonRatio", "mechanicallyStable",
                "magneticMoment", "saddle", "flat", "lowerGroup", "lowerEnergyChange",
                "lowerAboveHull", "lowerSuccess",
            ] + models.map { "lower-\($0)" })
            .joined(separator: ",")
    }

    package var csv: String {
        func number(_ x: Double?) -> String { x.map { String(format: "%.6g", $0) } ?? "" }
        func truth(_ x: Bool?) -> String { x.map { "\($0)" } ?? "" }
        let c = candidate
        var cells = [
            "\(rank)", conventionalFormula, truth(c.isSuccess), truth(c.meetsProperties), truth(c.isStable),
        ]
        cells += [truth(c.meetsTolerance), truth(c.charges != nil), truth(c.keepsTemplate)]
        cells += values(of: c).map { number($0) }
        cells += [
            c.charges?.isEmpty == true ? "" : truth(c.charges != nil), oxidationStates,
            number(c.toleranceFactor),
            primitiveAtoms.map(String.init) ?? "",
        ]
        cells += [number(verdict?.formationEnergy), truth(isUnique), truth(isNovel)]
        cells += [number(c.closestDistance), number(verdict?.relaxation?.formationEnergy)]
        cells += [
            number(verdict?.relaxation?.largestForce), number(verdict?.relaxation?.largestShift),
            truth(verdict?.isStable),
        ]
        cells.append(truth(isOnFront))
        cells += relaxed.map { values(of: $0).map { number($0) } } ?? c.values.map { _ in "" }
        return (cells + [truth(relaxed?.isSuccess), truth(c.isOnFloor)] + insightCells).joined(separator: ",")
    }
}
