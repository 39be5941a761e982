import NumericalMethods

extension DesignProblem {

    /// The start of attempt 0, 1, 2, …: the ionic cell first, then other sizes with displaced atoms.
    package func start(_ decoration: Decoration, attempt: Int, _ random: inout RandomStream) -> [Double] {
        let starts = settings.starts
        let ionic = ionicStart(decoration)
        guard attempt > 0 else { return ionic }
        let scaled = space.scaled(ionic, by: starts.cellFactors[attempt % starts.cellFactors.count])
        return space.clamped(
            zip(scaled, space.isLength).map {
                $0 + (($1 ? starts.lengths : starts.coordinates) * random.normal())
            })
    }
}
