namespace Deployer.Cli.Tests.Output;

/// <summary>What a terminal shows of the bytes that were written to it.</summary>
internal static class XtermScreen
{
    /// <summary>What a terminal shows that takes an upward move by none for one by one line, as xterm and tmux do.</summary>
    /// <remarks>
    /// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: CUU, "Cursor Up Ps Times (default = 1)", where 0 is the default.
    /// </remarks>
    public static string[] Shown(IEnumerable<string> lines, string bytes)
    {
        var screen = lines.ToList();
        var (row, column) = (screen.Count - 1, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            switch (bytes[i])
            {
                case '\r':
                    column = 0;
                    break;
                case '\n':
                    row++;
                    column = 0;
                    if (row == screen.Count)
                    {
                        screen.Add(string.Empty);
                    }

                    break;
                case '\e':
                    var end = i + 2;
                    while (!char.IsAsciiLetter(bytes[end]))
                    {
                        end++;
                    }

                    var argument = bytes[(i + 2)..end];
                    switch (bytes[end])
                    {
                        case 'A':
                            row = Math.Max(0, row - Math.Max(1, argument.Length == 0 ? 1 : int.Parse(argument, null)));
                            break;
                        case 'K':
                            screen[row] = string.Empty;
                            break;
                    }

                    i = end;
                    break;
                default:
                    screen[row] = screen[row].PadRight(column)[..column] + bytes[i] + screen[row].PadRight(column + 1)[(column + 1)..];
                    column++;
                    break;
            }
        }

        return [.. screen.Select(line => line.TrimEnd()).Reverse().SkipWhile(line => line.Length == 0).Reverse()];
    }
}
