import Design
import Evaluations
import Foundation
import PropertyModels
import Publishing

/// The candidates as a page shows them: what was asked for and what was asked again, a row each.
struct CandidateTable {
    let rows: [DesignRow]
    let evaluator: DesignEvaluator

    /// How many compounds compete, and whether they are too few for a hull.
    private static func competitors(_ place: ReferenceHull.Place) -> String {
        place.isThin
            ? "\(place.competitors), fewer than \(ReferenceHull.Place.fewCompetitors)"
            : "\(place.competitors)"
    }

    private var hasInsights: Bool { rows.contains { $0.insight != nil } }

    private var hasElasticity: Bool { rows.contains { $0.insight?.elastic != nil } }

    private var wasRelaxed: Bool { rows.contains { $0.verdict?.relaxation != nil } }

    var table: TextTable {
        TextTable(
            columns: columns, rows: rows.prefix(300).map(cells),
            note: rows.count > 300 ? "300 of \(rows.count); all stand in candidates.csv." : "")
    }

    private var columns: [TextTable.Column] {
        var result: [TextTable.Column] = [
            .init("rank", alignment: .number), .init("formula"), .init("success"),
        ]
        for (name, predictor) in zip(evaluator.modelNames, evaluator.predictors) {
            result.append(.init(name, unit: Self.unit(of: predictor), alignment: .number))
        }
        if wasRelaxed {
            for (name, predictor) in zip(evaluator.modelNames, evaluator.predictors) {
                result.append(.init("\(name), relaxed", unit: Self.unit(of: predictor), alignment: .number))
            }
            result.append(.init("success, relaxed"))
        }
        result.append(.init("oxidation states"))
        result.append(.init("tolerance factor", alignment: .number))
        result.append(.init("atoms, primitive", alignment: .number))
        result.append(.init("CHGNet formation energy", unit: "eV/atom", alignment: .number))
        if wasRelaxed {
            result.append(.init("relaxed", unit: "eV/atom", alignment: .number))
            result.append(.init("moved", alignment: .number))
            result.append(.init("stable"))
        }
        if hasInsights {
            result += [
                .init("above the hull", unit: "eV/atom", alignment: .number), .init("falls apart into"),
                .init("competitors", alignment: .number), .init("known as"),
                .init("in every order of neighbours"), .init("believable"),
            ]
        }
        if hasElasticity {
            result += [
                .init("CHGNet bulk modulus", unit: "GPa", alignment: .number),
                .init("CHGNet shear modulus", unit: "GPa", alignment: .number), .init("mechanically stable"),
            ]
        }
        return result + [.init("unique"), .init("novel")]
    }

    private func cells(_ row: DesignRow) -> [String] {
        func number(_ x: Double?) -> String { x.map { String(format: "%.3f", $0) } ?? "–" }
        func answer(_ x: Bool?) -> String { x.map { $0 ? "yes" : "no" } ?? "–" }
        var result = [
            "\(row.rank)", String(row.conventionalFormula.prefix(60)), answer(row.candidate.isSuccess),
        ]
        result += row.values(of: row.candidate).map { number($0) }
        if wasRelaxed {
            result +=
                row.relaxed.map { row.values(of: $0).map { number($0) } }
                ?? row.candidate.values.map { _ in "–" }
            result.append(answer(row.relaxed?.isSuccess))
        }
        result += [
            row.oxidationStates, number(row.candidate.toleranceFactor),
            row.primitiveAtoms.map(String.init) ?? "–",
        ]
        result.append(number(row.verdict?.formationEnergy))
        if wasRelaxed {
            let relaxation = row.verdict?.relaxation
            result += [number(relaxation?.formationEnergy), number(relaxation?.largestShift)]
            result.append(answer(row.verdict?.isStable))
        }
        if hasInsights {
            let place = row.insight?.place
            result += [
                number(place?.aboveHull), place?.decomposition ?? "–", place.map(Self.competitors) ?? "–",
                row.knownAs ?? "–",
            ]
            result += [answer(row.insight?.isMetInAll), answer(row.isBelievable)]
        }
        if hasElasticity {
            let elastic = row.insight?.elastic
            result += [
                number(elastic?.hill?.bulk), number(elastic?.hill?.shear), answer(elastic?.isStable),
            ]
        }
        return result + [answer(row.isUnique), answer(row.isNovel)]
    }

    /// Of the values as they are given: GPa for what is predicted as its logarithm.
    private static func unit(of predictor: any PropertyPredictor) -> String {
        predictor.unit.hasPrefix("log10")
            ? predictor.unit.dropFirst(5).trimmingCharacters(in: CharacterSet(charactersIn: " ()"))
            : predictor.unit
    }
}
