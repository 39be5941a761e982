import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Which extinction symbols a powder pattern with a known cell has, with probabilities: the marginal likelihood of
/// each from the correlated intensities of all lines (Markvardsen, David, Johnson & Shankland, Acta Cryst. A57 (2001) 47).
public struct ExtinctionSymbolSearch: Sendable {
    /// What decides.
    public var settings = ExtinctionSettings()

    /// The standard search.
    public init() {}

    /// What is going on, in one line.
    public typealias Progress = @Sendable (String) -> Void

    /// The symbols of a cell, likeliest first.
    ///
    /// The cell is refined with widths and zero from low angles on; one that is off by a few tenths of a per cent is found.
    /// - Parameters:
    ///   - data: points with the background taken off.
    ///   - axes: the cell and which lattices are in question.
    ///   - width: typical FWHM of the pattern's lines, degrees 2θ.
    ///   - zero: shift to begin with, degrees 2θ.
    ///   - progress: what is going on, in one line.
    /// - Throws: `ExtinctionError` where the pattern has too few lines of the cell, `CancellationError`.
    public func rank(
        _ data: PawleyFit.Data, axes: CellAxes, width: Double, zero: Double = 0,
        progress: Progress = { _ in }
    ) throws -> ExtinctionRanking {
        let table = ExtinctionSymbolTable(axes)
        progress("\(table.symbols.count) extinction symbols of the cell")
        let fit = try StagedPawleyFit(table: table, settings: settings)(data, width: width, zero: zero)
        progress(
            "\(fit.orbits.count) lines with free intensities leave Rwp "
                + String(format: "%.2f %%", 100 * fit.result.rwp) + " of the net pattern")
        return try ranking(table, fit)
    }

    private func ranking(_ table: ExtinctionSymbolTable, _ fit: StagedPawleyFit.Fit) throws
        -> ExtinctionRanking
    {
        let posterior = IntensityPosterior(fit.result, fit.data, orbits: fit.orbits, settings: settings)
        let shares = table.symbols.indices.map { symbol in
            posterior.lines.map { table.presentShare(of: $0.orbits, under: symbol) }
        }
        let widest = posterior.lines.indices.map { line in shares.map { $0[line] }.max() ?? 1 }
        guard posterior.lines.count >= StagedPawleyFit.leastLines,
            let likelihood = SymbolLikelihood(posterior, shares: widest, settings: settings)
        else { throw ExtinctionError.tooFewLines(posterior.lines.count) }
        let values = try likelihoods(shares, likelihood)
        let odds = likelihood.absenceOdds
        let lines = zip(zip(posterior.lines, likelihood.lines), odds).map { pair, odds in
            ExtinctionRanking.Line(
                line: pair.0, intensity: pair.1.intensity, sigma: pair.1.sigma, absenceOdds: odds)
        }
        return ExtinctionRanking(
            entries: entries(table, shares, values, lines), lines: lines, lattice: fit.result.lattice,
            rwp: fit.result.rwp, fit: fit.result)
    }

    /// log p(pattern | symbol) of each, those first that look likeliest line by line; one that is far behind is not followed
    /// to the end.
    private func likelihoods(_ shares: [[Double]], _ likelihood: SymbolLikelihood) throws -> [Double] {
        let odds = likelihood.absenceOdds
        let guesses = shares.map { share in
            odds.indices.reduce(0) { share[$1] == 0 ? $0 + odds[$1] : $0 }
        }
        // Symbols that no line of the range tells apart are one computation.
        var known: [[Double]: Double] = [:]
        var values = [Double](repeating: -.infinity, count: shares.count)
        var best = -Double.infinity
        for k in shares.indices.sorted(by: { guesses[$0] > guesses[$1] }) {
            try WorkLimit.check()
            let value = known[shares[k]] ?? likelihood(shares: shares[k], beside: best)
            known[shares[k]] = value
            values[k] = value
            best = max(best, value)
        }
        return values
    }

    private func entries(
        _ table: ExtinctionSymbolTable, _ shares: [[Double]], _ values: [Double],
        _ lines: [ExtinctionRanking.Line]
    ) -> [ExtinctionRanking.Entry] {
        let absent = shares.map { share in lines.indices.filter { share[$0] == 0 } }
        let probabilities = SymbolProbabilities(
            logLikelihoods: values, absent: absent, specialPositions: settings.specialPositions
        ).values
        let highest = values.max() ?? 0
        // Of equal ones that with the fewest absences first: it is what the lines ask for.
        let order = values.indices.sorted {
            probabilities[$0] != probabilities[$1] ? probabilities[$0] > probabilities[$1] : $0 < $1
        }
        return order.enumerated().map { rank, k in
            ExtinctionRanking.Entry(
                symbol: table.symbols[k], logLikelihood: values[k] - highest, probability: probabilities[k],
                absentLines: absent[k],
                evidence: rank < settings.explained
                    ? Self.evidence(table.symbols[k], absent: absent[k], lines) : [])
        }
    }

    private static func evidence(
        _ symbol: ExtinctionSymbol, absent: [Int], _ lines: [ExtinctionRanking.Line]
    ) -> [ExtinctionRanking.ConditionEvidence] {
        symbol.conditions.map { condition in
            let forbidden = absent.filter { line in
                lines[line].line.orbits.contains { $0.members.contains { condition.forbids($0) } }
            }
            return ExtinctionRanking.ConditionEvidence(
                condition: condition, lines: forbidden,
                absenceOdds: forbidden.reduce(0) { $0 + lines[$1].absenceOdds })
        }
    }
}
