using Deployer.Functions.Errors;
using Spectre.Console;

namespace Deployer.Cli.Output;

/// <summary>Where text for people goes: a terminal, a pipe or a file. Lines are wrapped at word ends; colours are for terminals.</summary>
internal sealed class Screen
{
    /// <summary>Fewer columns than this are treated as this many.</summary>
    private const int NarrowestWidth = 40;

    private readonly TextWriter _writer;
    private readonly Func<int> _width;

    /// <summary>A screen.</summary>
    /// <param name="writer">What is written to.</param>
    /// <param name="width">Columns at which text is wrapped.</param>
    /// <param name="hasColors">Whether tones are shown.</param>
    /// <param name="isLive">Whether lines that were written can be drawn again.</param>
    public Screen(TextWriter writer, int width, bool hasColors = false, bool isLive = false)
        : this(writer, () => width, hasColors, isLive) { }

    /// <summary>A screen whose width may change.</summary>
    /// <param name="writer">What is written to.</param>
    /// <param name="width">Columns at which text is wrapped now.</param>
    /// <param name="hasColors">Whether tones are shown.</param>
    /// <param name="isLive">Whether lines that were written can be drawn again.</param>
    public Screen(TextWriter writer, Func<int> width, bool hasColors, bool isLive)
    {
        (_writer, _width) = (writer, width);
        IsLive = isLive;
        HasColors = hasColors;
    }

    /// <summary>Columns at which text is wrapped: those that the window has now.</summary>
    public int Width => Math.Max(_width(), NarrowestWidth);

    /// <summary>Whether tones are shown.</summary>
    public bool HasColors { get; }

    /// <summary>Whether lines that were written can be drawn again.</summary>
    public bool IsLive { get; }

    /// <summary>Draws what changes, as wide as the window was when it was asked for first; for screens that are live.</summary>
    public IAnsiConsole Console => field ??= OpenConsole();

    /// <summary>Writes an empty line.</summary>
    public void Line() => _writer.WriteLine();

    /// <summary>Writes a line as it is, however long: what is copied from it is whole.</summary>
    public void Line(string text, Tone tone = Tone.Plain)
    {
        Write(text, tone);
        _writer.WriteLine();
    }

    /// <summary>Writes pieces one after another on a line, however long.</summary>
    public void Line(params ReadOnlySpan<(string Text, Tone Tone)> pieces)
    {
        foreach (var (text, tone) in pieces)
        {
            Write(text, tone);
        }

        _writer.WriteLine();
    }

    /// <summary>Writes text, wrapped at word ends; a word that is longer than a line is not broken.</summary>
    /// <param name="text">The text; its own line breaks are kept.</param>
    /// <param name="indent">Spaces before each line.</param>
    /// <param name="hanging">Further spaces before all lines but the first.</param>
    /// <param name="tone">How it stands out.</param>
    /// <param name="label">What stands before the text on the first line, its spaces kept.</param>
    public void Paragraph(string text, int indent = 0, int hanging = 0, Tone tone = Tone.Plain, string label = "")
    {
        foreach (var line in TextWrapping.Wrap(text, Width, indent, hanging, label))
        {
            Line(line, tone);
        }
    }

    /// <summary>
    /// Writes pieces of text, a space between each two, wrapped at word ends; a word that is longer than a line is not broken.
    /// </summary>
    /// <param name="hanging">Spaces before all lines but the first.</param>
    /// <param name="pieces">The pieces, each with its tone.</param>
    public void Paragraph(int hanging, params ReadOnlySpan<(string Text, Tone Tone)> pieces)
    {
        var column = 0;
        foreach (var (text, tone) in pieces)
        {
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var before = column == 0 ? string.Empty : " ";
                if (column > hanging && column + before.Length + word.Length > Width)
                {
                    _writer.WriteLine();
                    (column, before) = (hanging, new string(' ', hanging));
                    Write(before + word, tone);
                    column += word.Length;
                    continue;
                }

                Write(before + word, tone);
                column += before.Length + word.Length;
            }
        }

        _writer.WriteLine();
    }

    /// <summary>Writes a heading after an empty line.</summary>
    public void Heading(string text)
    {
        Line();
        Line(text, Tone.Strong);
    }

    /// <summary>Hands everything that was written to the reader.</summary>
    public void Flush() => _writer.Flush();

    private void Write(string text, Tone tone)
    {
        // Whoever starts an execution chooses what stands in its input.
        text = PrintableText.OnLines(text);
        if (!HasColors || tone == Tone.Plain)
        {
            _writer.Write(text);
            return;
        }

        // Spectre.Console would fold a long line.
        var code = tone switch
        {
            Tone.Strong => "1",
            Tone.Good => "32",
            Tone.Bad => "31",
            Tone.Warning => "33",
            _ => "2",
        };
        _writer.Write($"\e[{code}m{text}\e[0m");
    }

    private IAnsiConsole OpenConsole()
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = HasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(_writer),
                Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            }
        );
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
