/// Colours that stay apart for every kind of colour vision (Okabe & Ito 2008).
package enum PlotColor {
    package static let observed = "#404040"
    package static let calculated = "#D55E00"
    package static let difference = "#0072B2"
    package static let background = "#009E73"
    /// One a phase, in turn.
    package static let phases = ["#CC79A7", "#56B4E9", "#E69F00", "#009E73", "#0072B2", "#000000"]
    /// Apart from each other and from every colour of the map below them.
    package static let paths = ["#D55E00", "#56B4E9", "#CC79A7", "#009E73", "#E69F00", "#000000"]
    /// A scale of even steps in lightness that reads the same for every kind of colour vision (cividis: Nuñez,
    /// Anderton & Renslow, PLoS ONE 13 (2018) e0199239), as gnuplot's `set palette defined` takes it.
    package static let cividis =
        "0 '#00224E', 0.125 '#123570', 0.25 '#3B496C', 0.375 '#575D6D', 0.5 '#707173', 0.625 '#8A8678', 0.75 '#A59C74', 0.875 '#C3B369', 1 '#FEE838'"
}
