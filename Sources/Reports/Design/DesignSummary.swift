import Crystallography
import Design
import Evaluations
import Jobs
import Publishing

/// The shares that a table of arms compares: of the candidates that were *asked for*, so that one which a method did not
/// find counts as a failure of every criterion.
package struct DesignSummary: Sendable, Codable {
    package var method: String
    /// Asked for; what was found where nothing was (an exhaustive search).
    package var candidates: Int
    /// Found, successes or not.
    package var returned: Int
    /// Share with A to E; in a supercell of those whose primitive cell is the supercell only.
    package var success: Double
    /// Share that fails no criterion, tiled cells counted too.
    package var successWithTiled: Double
    package var properties: Double
    package var stable: Double
    package var tolerance: Double
    package var neutral: Double
    package var template: Double
    /// Distinct compositions of successes, as a share of the candidates asked for.
    package var unique: Double
    /// Distinct compositions that succeeded anywhere in the run.
    package var feasibleCompositions: Int
    package var calls: Int
    package var seconds: Double
    /// Successes whose formation energy CHGNet puts below −0.5 eV/atom, as proposed; null without CHGNet.
    @ExplicitNull package var judgeAgrees: Double?
    /// Successes that CHGNet calls stable after relaxation; null where none was relaxed.
    @ExplicitNull package var judgeStable: Double?

    /// Share of the candidates asked for that meet A to E where CHGNet's energy is least in their symmetry; null where none was
    /// relaxed.
    @ExplicitNull package var successRelaxed: Double?
    /// Share of the candidates whose value of a target is its model's floor, no answer.
    package var onFloor: Double

    /// Share of the candidates asked for that meet A to E there in every order of tied neighbours; null where none was held against a
    /// reference, as are the next two.
    @ExplicitNull package var successInEveryOrder: Double?
    /// … and lie within `stableWithin` of the hull of CHGNet's energies.
    @ExplicitNull package var successStable: Double?
    /// Share of the candidates asked for that are saddles outside of their symmetry; null where it was not asked, as is the next.
    @ExplicitNull package var saddles: Double?
    /// Share of those whose softest mode gains less than CHGNet could tell, which are no saddles.
    @ExplicitNull package var flat: Double?
    /// Share of those that are none, or meet every target in the group where the mode leads.
    @ExplicitNull package var successLower: Double?
    /// eV/atom.
    @ExplicitNull package var stableWithin: Double?
    /// Successes that lie higher, and are left out where the geometry is CHGNet's.
    package var aboveHull: Int
    /// How often the models are right where they say what is asked; null where no gap is.
    @ExplicitNull package var precision: Precision?
    /// Elements whose own energy CHGNet's table lacks: successes with them were not judged.
    package var unjudged: [String]

    /// What is measured on real crystals.
    package struct Precision: Sendable, Codable {
        /// Reference crystals that the models call so.
        package var called: Int
        /// Of those, with that gap by density-functional theory.
        package var right: Int
        /// Of those, metals.
        package var metals: Int
    }

    /// Every number that decided what was found.
    package var settings: DesignSettings
    /// Every clause of the verdict, in the order of `DesignClause`.
    package var clauses: [VerdictClause]
    /// No clause fails.
    package var passed: Bool { clauses.hold }

    /// What candidates were held against.
    package struct References: Sendable {
        /// eV/atom.
        package var stableWithin: Double
        package var precision: MeasuredPrecision?
        package var unjudged: [Element]
        /// Successes that lie higher, and are left out.
        package var aboveHull: Int

        package init(
            stableWithin: Double, precision: MeasuredPrecision? = nil, unjudged: [Element] = [],
            aboveHull: Int = 0
        ) {
            (self.stableWithin, self.precision) = (stableWithin, precision)
            (self.unjudged, self.aboveHull) = (unjudged, aboveHull)
        }
    }

    /// - Parameters:
    ///   - asked: candidates that the search was to find; nil where it takes all there are.
    ///   - atoms: of the template's cell.
    ///   - relaxed: the judge has relaxed the successes.
    ///   - asksCharges: false where neutrality was not asked for.
    package init(
        _ result: DesignResult, rows: [DesignRow], asked: Int?, atoms: Int, seconds: Double, relaxed: Bool,
        asksCharges: Bool = true, settings: DesignSettings = DesignSettings(),
        references: References? = nil
    ) {
        self.settings = settings
        let insights = rows.compactMap(\.insight)
        let limit = references?.stableWithin ?? 0
        let held = (
            orders: insights.count(where: \.isMetInAll),
            hull: insights.count { $0.isBelievable(within: limit) }
        )
        clauses = DesignClause.verdict(
            on: rows.map(\.candidate), relaxed: relaxed ? rows.compactMap(\.relaxed) : nil,
            held: references == nil ? nil : held, asksCharges: asksCharges)
        stableWithin = references?.stableWithin
        aboveHull = references?.aboveHull ?? 0
        precision = references?.precision.map {
            Precision(called: $0.called, right: $0.right, metals: $0.metals)
        }
        unjudged = references?.unjudged.map(\.symbol) ?? []
        method = result.method
        returned = rows.count
        candidates = asked ?? rows.count
        let count = Double(max(1, candidates))
        func share(_ test: (DesignRow) -> Bool) -> Double { Double(rows.filter(test).count) / count }
        let isWhole = { (row: DesignRow) in atoms < 100 || row.primitiveAtoms == atoms }
        success = share { $0.candidate.isSuccess && isWhole($0) }
        successWithTiled = share { $0.candidate.isSuccess }
        properties = share { $0.candidate.meetsProperties }
        stable = share { $0.candidate.isStable }
        tolerance = share { $0.candidate.meetsTolerance }
        neutral = asksCharges ? share { $0.candidate.charges != nil } : .nan
        onFloor = share(\.candidate.isOnFloor)
        successRelaxed = relaxed ? share { $0.relaxed?.isSuccess == true && isWhole($0) } : nil
        successInEveryOrder = references.map { _ in
            share { $0.insight?.isMetInAll == true && isWhole($0) }
        }
        successStable = references.map { own in
            share { $0.insight?.isBelievable(within: own.stableWithin) == true && isWhole($0) }
        }
        let isFollowed = insights.contains { $0.isSaddle != nil }
        saddles = isFollowed ? share { $0.insight?.isSaddle == true } : nil
        flat = isFollowed ? share { $0.insight?.isFlat == true } : nil
        successLower =
            isFollowed
            ? share { row in
                guard let insight = row.insight, insight.isSaddle != nil else { return false }
                return insight.lower?.isMet ?? insight.isSuccess
            } : nil
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
            judgeAgrees = Double(judged.filter { $0.verdict?.isBound == true }.count) / total
            judgeStable = relaxed ? Double(judged.filter { $0.verdict?.isStable == true }.count) / total : nil
        }
    }
}
