namespace Microsoft.Build.Framework;

/// <summary>
/// Tells a multithreaded build (<c>-mt</c>) that a task may run in its own process beside others. MSBuild looks for this
/// name wherever it is defined, so that a task compiled against an MSBuild without it can carry it too.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
