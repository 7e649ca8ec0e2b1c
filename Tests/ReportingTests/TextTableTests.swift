import Reporting
import Testing

struct TextTableTests {
  @Test func alignment() {
    var table = TextTable([.init("Name"), .init("Count", .trailing)])
    table.add(["a", "1"])
    table.add(["long name", "1000"])
    #expect(table.text() == "Name       Count\n─────────  ─────\na              1\nlong name   1000\n")
  }

  @Test func wideCharacters() {
    var table = TextTable([.init("層"), .init("x")])
    table.add(["畳み込み", "1"])
    table.add(["ab", "2"])
    let lines = table.text().split(separator: "\n")
    #expect(lines[0] == "層        x")
    #expect(lines[2] == "畳み込み  1")
    #expect(lines[3] == "ab        2")
  }

  @Test func namesCannotReachTheTerminal() {
    var table = TextTable([.init("Name")])
    table.add(["\u{1B}[31mred\n\u{202E}evil\u{9B}"])
    let text = table.text()
    #expect(!text.contains("\u{1B}"))
    #expect(text.contains("\\u{1b}[31mred\\u{a}\\u{202e}evil\\u{9b}"))
    #expect(text.split(separator: "\n").count == 3)
  }

  @Test func longCellsKeepBothEnds() {
    var table = TextTable([.init("Name")])
    table.add([String(repeating: "a", count: 50) + String(repeating: "b", count: 50)])
    let line = table.text(widestCell: 11).split(separator: "\n").last
    #expect(line == "aaaaa…bbbbb")
    #expect(table.csv().contains(String(repeating: "b", count: 50)))
  }

  @Test func commaSeparatedValues() {
    var table = TextTable([.init("a"), .init("b,c")])
    table.add(["x \"y\"", "1\n2"])
    #expect(table.csv() == "a,\"b,c\"\n\"x \"\"y\"\"\",\"1\n2\"\n")
  }

  @Test func markdownEscapes() {
    var table = TextTable([.init("a"), .init("n", .trailing)])
    table.add(["x|y_z", "1"])
    #expect(table.markdown() == "| a | n |\n| --- | ---: |\n| x\\|y\\_z | 1 |\n")
  }

  @Test func marksDoNotHideWhatMarkdownReads() {
    var table = TextTable([.init("a"), .init("b")])
    table.add(["x|\u{301}y", "<\u{301}i>"])
    #expect(table.markdown().utf8.elementsEqual("| a | b |\n| --- | --- |\n| x\\|\u{301}y | \\<\u{301}i\\> |\n".utf8))
  }

  @Test func numbers() {
    #expect(NumberText.grouped(0) == "0")
    #expect(NumberText.grouped(999) == "999")
    #expect(NumberText.grouped(3_538_984) == "3,538,984")
    #expect(NumberText.grouped(-1_000) == "-1,000")
    #expect(NumberText.short(0.0000123456) == "1.23e-05")
    #expect(NumberText.short(.infinity) == "inf")
    #expect(NumberText.short(-.nan) == "nan")
    #expect(NumberText.fixed(99.995, places: 1) == "100.0")
    #expect(NumberText.bytes(13_950_000) == "13.3 MiB")
  }
}
