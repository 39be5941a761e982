import Foundation
import Publishing
import Testing

@Suite("pictures and the files they come from") struct PictureTests {
    @Test("what gnuplot does not draw is missing, what the disk does not take is an error")
    func drawn() throws {
        #expect(try Picture.drawn { "<svg/>" } == .svg("<svg/>"))
        let missing = try Picture.drawn { throw PictureError.gnuplotMissing }
        #expect(missing.trouble?.contains("gnuplot is not on the PATH") == true)
        #expect(throws: WriteError.self) {
            try Picture.drawn { throw WriteError(path: "x.svg", code: ENOSPC) }
        }
    }

    @Test("errors are one line and name the file")
    func errors() {
        let texts = [
            "\(PictureError.gnuplotFailed(script: "a.gnuplot", message: "line 3"))",
            "\(PictureError.notDrawn(picture: "a.svg", columns: "a.tsv", reason: "no disk"))",
        ]
        #expect(texts.allSatisfy { !$0.contains("\n") })
        #expect(texts[0].hasPrefix("a.gnuplot: ") && texts[1].contains("a.tsv"))
    }

    @Test("the script of a plot draws its vector picture by itself: the header says how")
    func header() {
        let lines = PlotFiles.header(name: "map", width: 10, height: 20)
        #expect(lines.first == "# gnuplot map.gnuplot   draws map.svg anew")
        #expect(lines.contains { $0.contains("svg size 10,20") })
        #expect(lines.contains { $0.contains("set output \"map.svg\"") })
    }

    @Test("a plot of which no picture was drawn says so")
    func notDrawn() {
        let files = PlotFiles(folder: URL(fileURLWithPath: "/tmp"), name: "fit")
        #expect(files.picture.trouble != nil)
        #expect(files.data.lastPathComponent == "fit.tsv" && files.png.lastPathComponent == "fit.png")
    }

    @Test("colours are six digits, and no two phases or paths share one")
    func colors() {
        for colors in [PlotColor.phases, PlotColor.paths] {
            #expect(Set(colors).count == colors.count)
            #expect(colors.allSatisfy { $0.wholeMatch(of: /#[0-9A-F]{6}/) != nil })
        }
    }
}
