import Crystallography
import Diffraction
import Parameterization
import Refinement

/// Whether a pattern asks for as much of each element as its formula gives.
///
/// A wrong element is taken up by displacement parameters, which then differ beyond reason: ZnCu5 explains TbCu5's pattern with 0 and 3.6 Å². With
/// one displacement for all atoms the occupancies say it: more than twice as much zinc is asked for.
package struct ElementAmounts: Sendable {
    package var settings = RecoverySettings.Amounts()
    package var bounds = RefinementBounds()

    package init(
        settings: RecoverySettings.Amounts = RecoverySettings.Amounts(),
        bounds: RefinementBounds = RefinementBounds()
    ) {
        (self.settings, self.bounds) = (settings, bounds)
    }

    /// A fit with other amounts.
    package struct Finding: Sendable {
        /// The element of which there is most beside its formula's amount.
        package let element: Element
        /// What the others are to have of theirs where that one has its own, 0…1.
        package let shares: [Element: Double]
        /// With these amounts, a fraction.
        package let rwp: Double
        /// With those of the formula.
        package let formulaRwp: Double
    }

    /// The amounts that fit best; nil where there is one element, or elements share places already.
    ///
    /// - Throws: what the refinement throws; `CancellationError`.
    package func callAsFunction(_ result: PowderResult, pattern: PowderPattern, weights: [Double]) throws
        -> Finding?
    {
        let orbits = result.structure.orbits
        guard orbits.allSatisfy({ $0.occupants.count == 1 && ($0.occupants.first?.occupancy ?? 0) > 0.99 })
        else { return nil }
        let elements = Set(orbits.compactMap { $0.occupants.first?.species.element }).sorted()
        guard elements.count > 1 else { return nil }
        let own = Set(
            result.structure.freeCoordinates.map { index in
                let orbit = orbits[index.orbit]
                return "\(orbit.label).\(orbit.siteSymmetry.coordinateNames[index.coordinate])"
            })
        let names = result.refinement.refined.map(\.parameter.name).filter {
            !own.contains($0) && !$0.hasSuffix(".B")
        }
        var model = result.refinement.model
        for orbit in orbits.indices {
            model.phases[0].structure.orbits[orbit].displacement = .isotropic(b: settings.displacement)
        }
        var refinement = RietveldRefinement()
        (refinement.iterations, refinement.convergence) = (settings.iterations, settings.convergence)
        refinement.bounds = bounds.ranges
        let before = try refinement.refine(model, pattern: pattern, weights: weights, free: names + ["B"])
        // An occupancy is 1 at most: the element that is to have most keeps its own, whichever that is.
        let fits = try elements.map { most in
            try WorkLimit.check()
            let free = elements.filter { $0 != most }.map { "\($0.symbol).occupancy" }
            return (
                element: most,
                fit: try refinement.refine(
                    before.model, pattern: pattern, weights: weights, free: names + ["B"] + free)
            )
        }
        guard let best = fits.min(by: { $0.fit.statistics.rwp < $1.fit.statistics.rwp }) else { return nil }
        var shares: [Element: Double] = [:]
        for orbit in best.fit.model.phases[0].structure.orbits {
            if let occupant = orbit.occupants.first { shares[occupant.species.element] = occupant.occupancy }
        }
        return Finding(
            element: best.element, shares: shares, rwp: best.fit.statistics.rwp,
            formulaRwp: before.statistics.rwp)
    }

    /// Where the pattern asks for other amounts.
    package func clause(of finding: Finding) -> VerdictClause? {
        guard finding.rwp < (1 - settings.gain) * finding.formulaRwp,
            let least = finding.shares.min(by: { $0.value < $1.value })
        else { return nil }
        return VerdictClause(
            "composition", .unknown,
            "with one displacement for all atoms Rwp is \(percent(finding.rwp)) in place of \(percent(finding.formulaRwp)) where "
                + "\(least.key.symbol) has \(rounded(least.value)) of what the formula gives beside \(finding.element.symbol)"
        )
    }

    private func percent(_ share: Double) -> String { "\(rounded(100 * share)) %" }

    private func rounded(_ value: Double) -> String { String((100 * value).rounded() / 100) }
}
