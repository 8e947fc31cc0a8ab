using System.Globalization;

namespace ParallelScripts;

/// <summary>How much memory has to stay free: an amount, or a share of what there is.</summary>
/// <param name="Text">As it was written.</param>
public sealed record MinFreeMemory(string Text, long? Bytes, double? Percent)
{
    /// <summary>In bytes, on a machine with so much.</summary>
    public long Of(long total) => Bytes ?? (long)(total * Percent!.Value / 100);

    /// <summary>Reads it; null and true if nothing has to stay free.</summary>
    internal static bool TryRead(string text, out MinFreeMemory? free)
    {
        text = text.Trim();
        free = null;
        if (text is "" or "0")
        {
            return true;
        }

        if (text.EndsWith('%'))
        {
            if (!double.TryParse(text[..^1].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent >= 100)
            {
                return false;
            }

            free = percent == 0 ? null : new MinFreeMemory(text, null, percent);
            return true;
        }

        if (!SizeText.TryRead(text, out var bytes, out _))
        {
            return false;
        }

        free = bytes == 0 ? null : new MinFreeMemory(text, bytes, null);
        return true;
    }
}
