import NumericalMethods

extension DesignProblem {
    /// Of the ionic cell's lengths, attempt by attempt: learned models and radii disagree by up to a third.
    private static let cellFactors = [1.0, 1.08, 0.93, 1.2, 0.85, 1.35]
    /// Å, about: spread of the lengths and of the coordinates of a later attempt.
    private static let spread = (lengths: 0.05, coordinates: 0.25)

    /// The start of attempt 0, 1, 2, …: the ionic cell first, then other sizes with displaced atoms.
    package func start(_ decoration: Decoration, attempt: Int, _ random: inout RandomStream) -> [Double] {
        let ionic = ionicStart(decoration)
        guard attempt > 0 else { return ionic }
        let scaled = space.scaled(ionic, by: Self.cellFactors[attempt % Self.cellFactors.count])
        return space.clamped(
            zip(scaled, space.isLength).map {
                $0 + (($1 ? Self.spread.lengths : Self.spread.coordinates) * random.normal())
            })
    }
}
