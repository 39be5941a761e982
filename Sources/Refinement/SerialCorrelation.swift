/// How much neighbouring points of a fit repeat one another.
///
/// Where profiles or background are not quite right, residuals keep their sign over many points, so a pattern says less
/// than its number of points: N/factor independent ones. The factor is that of Bérar & Lelann, J. Appl. Cryst. 24 (1991)
/// 1, in variances, divided by its value for independent residuals, 1 + 4/π.
package struct SerialCorrelation: Sendable, Hashable {
    /// 1 for independent residuals, more where they run together.
    package let factor: Double
    /// Σ(Δᵢ − Δᵢ₋₁)²/ΣΔᵢ² (Durbin & Watson, Biometrika 37 (1950) 409): 2 for independent residuals, less where they run
    /// together, more where they alternate; not a number of none.
    package let durbinWatson: Double

    /// - Parameter residuals: √w (y − y_c) in the order of the angles; those of points without weight left out.
    package init(residuals: some Sequence<Double>) {
        var (runs, squares, run) = (0.0, 0.0, 0.0)
        var (steps, before) = (0.0, Double?.none)
        for residual in residuals {
            if (residual > 0) == (run > 0) {
                run += residual
            } else {
                runs += run * run
                run = residual
            }
            squares += residual * residual
            if let before { steps += (residual - before) * (residual - before) }
            before = residual
        }
        runs += run * run
        let independent = 1 + 4 / Double.pi
        durbinWatson = squares > 0 ? steps / squares : .nan
        factor = squares > 0 ? max(1, runs / squares / independent) : 1
    }

    /// Of a refinement's residuals.
    package init(observed: [Double], calculated: [Double], weights: [Double]) {
        self.init(
            residuals: observed.indices.lazy.filter { weights[$0] > 0 }.map {
                weights[$0].squareRoot() * (observed[$0] - calculated[$0])
            })
    }
}
