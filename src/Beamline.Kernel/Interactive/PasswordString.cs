namespace Beamline.Kernel.Interactive;

/// <summary>A password that does not show when it is displayed or printed.</summary>
/// <param name="password">The password.</param>
public sealed class PasswordString(string password)
{
    /// <summary>The password itself. Do not display it: outputs are saved with the notebook.</summary>
    public string GetClearTextPassword() => password;

    /// <summary>Stars, always the same number.</summary>
    public override string ToString() => "********";
}
